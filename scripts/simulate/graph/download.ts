import type { MediaRecord } from '../entry.ts'
import type { Trouble } from '../faults/trouble.ts'
import type { GraphApi } from './graphApi.ts'
import { isFreshAddress } from './media.ts'

/** Where addresses on another host lead. */
export const elsewherePath = '/elsewhere/'
const drops = 10

/** The bytes of a file at the address that its description gave out, or what goes wrong with them. */
export async function download(
  url: URL,
  { history, media, slowMs }: GraphApi,
  trouble?: Trouble,
): Promise<Response> {
  const fault = trouble && 'fault' in trouble ? trouble.fault : undefined
  const record = media.find(url.searchParams.get('mid') ?? '')
  const file = record && (await media.open(record.id))
  const isThere = record && file && isFreshAddress(record, url, history.now())
  if (!isThere || fault === 'expired-media-url') return new Response('URL signature expired', { status: 404 })
  const headers = { 'Content-Type': record.mimeType }
  if (fault === 'cross-host-redirect') return Response.redirect(foreignAddress(url, record), 302)
  if (fault === 'wrong-sha256') return new Response(spoil(await file.bytes()), { headers })
  if (fault === 'slow-media') return new Response(inDrops(await file.bytes(), slowMs), { headers })
  return new Response(file, { headers })
}

/** The same machine by another name: for whoever checks hosts it is another host. */
export function foreignAddress(url: URL, record: MediaRecord): string {
  const foreign = new URL(`${elsewherePath}${record.id}`, url)
  foreign.hostname = url.hostname === 'localhost' ? '127.0.0.1' : 'localhost'
  return foreign.href
}

function spoil(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 0xff
  return bytes
}

function inDrops(bytes: Uint8Array, overMs: number): ReadableStream<Uint8Array> {
  const size = Math.max(1, Math.ceil(bytes.length / drops))
  let at = 0
  return new ReadableStream({
    async pull(body) {
      await Bun.sleep(overMs / drops)
      body.enqueue(bytes.subarray(at, at + size))
      at += size
      if (at >= bytes.length) body.close()
    },
  })
}
