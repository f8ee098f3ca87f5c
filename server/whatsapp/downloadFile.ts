import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { NotFetched } from './mediaFailure.ts'
import { type AllowedAddress, allowedAddress } from './mediaHost.ts'
import { isLoopbackAddress, isPublicAddress } from './publicAddress.ts'
import { Silence } from './silence.ts'

export type DownloadOptions = {
  apiUrl: string
  accessToken: string
  largestBytes: number
  /** Between two pieces, and before the first. */
  silentMs: number
  signal: AbortSignal
  /** The addresses of a host. */
  resolve?: (hostname: string) => Promise<string[]>
}

const MOST_REDIRECTS = 3

/**
 * Opens a file at an address that the Graph API gave. The token goes along, and whoever wrote the address might want it sent
 * elsewhere, or a file of our own house fetched: so the host must be an allowed one, its addresses are looked up once and
 * must be public, the connection goes to the very address that was checked (the name is still what the certificate is checked
 * for), and a redirect may not leave the host.
 *
 * @throws NotFetched, also from the stream
 */
export async function downloadFile(
  address: string,
  options: DownloadOptions,
): Promise<AsyncIterable<Uint8Array>> {
  let url = URL.parse(address)
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const allowed = url && allowedAddress(url, options.apiUrl)
    if (!url || !allowed)
      throw new NotFetched('FORBIDDEN_ADDRESS', `Files are not fetched from ${url?.host ?? 'there'}`)
    const silence = new Silence(options.silentMs, options.signal)
    const response = await request(url, allowed, options, silence)
    if (response.status < 300 || response.status > 399) return streamOf(response, options, silence)
    await giveUp(response, silence)
    const next = URL.parse(response.headers.get('location') ?? '', url.href)
    if (next?.host !== url.host)
      throw new NotFetched('REDIRECTED', `${url.host} leads on to ${next?.host ?? 'nowhere'}`)
    url = next
  }
  throw new NotFetched('REDIRECTED', 'The address leads in circles')
}

async function request(
  url: URL,
  { isLocal }: AllowedAddress,
  { accessToken, resolve = addressesOf }: DownloadOptions,
  silence: Silence,
): Promise<Response> {
  const name = url.hostname.replaceAll(/^\[|\]$/g, '')
  const addresses = isIP(name) ? [name] : await resolve(name).catch((error) => unreachable(error, silence))
  const isFine = isLocal ? isLoopbackAddress : isPublicAddress
  const bad = addresses.find((address) => !isFine(address))
  if (bad !== undefined || addresses.length === 0) {
    silence.end()
    throw new NotFetched(
      'FORBIDDEN_ADDRESS',
      `${name} is at ${bad ?? 'no address'}, from which no file is fetched`,
    )
  }
  let failure: unknown
  for (const address of addresses) {
    const target = new URL(url)
    target.hostname = isIP(address) === 6 ? `[${address}]` : address
    try {
      return await fetch(target, {
        headers: { host: url.host, authorization: `Bearer ${accessToken}`, 'accept-encoding': 'identity' },
        redirect: 'manual',
        keepalive: false,
        decompress: false,
        signal: silence.signal,
        ...(url.protocol === 'https:' && { tls: { serverName: name } }),
      })
    } catch (error) {
      failure = error
    }
  }
  return unreachable(failure, silence)
}

async function addressesOf(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true })
  return found.map(({ address }) => address)
}

async function streamOf(
  response: Response,
  options: DownloadOptions,
  silence: Silence,
): Promise<AsyncIterable<Uint8Array>> {
  const announced = lengthOf(response.headers)
  const refusal = refusalOf(response.status, announced, options.largestBytes)
  if (refusal || response.body === null) {
    await giveUp(response, silence)
    throw refusal ?? new NotFetched('WRONG_LENGTH', 'The answer has no body')
  }
  return pieces(response.body, announced, options.largestBytes, silence)
}

async function* pieces(
  body: ReadableStream<Uint8Array>,
  announced: number | null,
  largestBytes: number,
  silence: Silence,
): AsyncGenerator<Uint8Array> {
  let received = 0
  const reader = body.getReader()
  try {
    while (true) {
      const { done, value } = await reader.read().catch((error) => unreachable(error, silence))
      if (done) break
      silence.broken()
      received += value.byteLength
      if (received > largestBytes)
        throw new NotFetched('TOO_LARGE', `The file is larger than ${largestBytes} bytes`)
      yield value
    }
    if (announced !== null && received !== announced) {
      throw new NotFetched('WRONG_LENGTH', `${announced} bytes were announced, ${received} came`)
    }
  } finally {
    silence.end()
    await reader.cancel().catch(() => {})
  }
}

function refusalOf(status: number, announced: number | null, largestBytes: number): NotFetched | null {
  if (status === 404 || status === 410) return new NotFetched('ADDRESS_EXPIRED', `HTTP ${status}`)
  if (status === 401 || status === 403) return new NotFetched('TOKEN_REFUSED', `HTTP ${status}`)
  if (status !== 200) return new NotFetched('WHATSAPP_ERROR', `HTTP ${status}`)
  if (announced === null || announced <= largestBytes) return null
  return new NotFetched(
    'TOO_LARGE',
    `The file has ${announced} bytes; ${largestBytes} is the most that is taken`,
  )
}

function lengthOf(headers: Headers): number | null {
  const length = headers.get('content-length')
  return length === null || !/^\d+$/.test(length) ? null : Number(length)
}

async function giveUp(response: Response, silence: Silence): Promise<void> {
  silence.end()
  await response.body?.cancel().catch(() => {})
}

function unreachable(error: unknown, silence: Silence): never {
  silence.end()
  if (silence.isOver) throw new NotFetched('TIMED_OUT', `Nothing came for ${silence.ms} ms`)
  throw new NotFetched('UNREACHABLE', error instanceof Error ? error.message : String(error))
}
