import { z } from 'zod'
import { customerAct, RefusedAct } from '../act.ts'
import { baseType } from '../graph/mediaRules.ts'
import type { Control, Handler } from './control.ts'

const newPhone = z.object({ name: z.string().max(80), number: z.string() })
const setting = z.object({ autoRead: z.boolean().exactOptional(), windowClosed: z.boolean().exactOptional() })
const preference = z.object({ value: z.enum(['stop', 'resume']) })
const fileKind = z.enum(['image', 'video', 'voice', 'audio', 'sticker', 'document'])
const largestFile = 100 * 1024 * 1024

/** What a person does with the phones. */
export const phoneRoutes: Record<string, Handler> = {
  'GET /phones': ({ phones, webhookState, token }) =>
    Response.json({
      phones: phones.list(),
      webhook: webhookState(),
      isTokenExpired: token.isExpired,
      now: Date.now(),
    }),
  'POST /phones': async ({ phones }, request) => {
    const { name, number } = newPhone.parse(await request.json())
    return Response.json({ number: phones.add(name, number) }, { status: 201 })
  },
  'PATCH /phones/*': async ({ phones }, request, number) => {
    phones.set(number, setting.parse(await request.json()))
    return done()
  },
  'GET /phones/*/thread': ({ phones }, _, number) => Response.json({ thread: phones.thread(number) }),
  'POST /phones/*/messages': async ({ phones }, request, number) => {
    const wamid = await phones.write(number, customerAct.parse(await request.json()))
    return Response.json({ wamid }, { status: 201 })
  },
  'POST /phones/*/files': sendFile,
  'POST /phones/*/preference': async ({ phones }, request, number) => {
    phones.prefer(number, preference.parse(await request.json()).value)
    return done()
  },
  'POST /phones/*/open': ({ phones }, _, number) => {
    phones.open(number)
    return done()
  },
  'POST /messages/*/play': ({ phones }, _, wamid) => {
    phones.play(wamid)
    return done()
  },
  'GET /media/*': serveMedia,
}

/** The file is the whole body, its type the header's, its kind and name in the address. */
async function sendFile({ phones }: Control, request: Request, number: string): Promise<Response> {
  const { searchParams } = new URL(request.url)
  const bytes = new Uint8Array(await request.arrayBuffer())
  if (bytes.length === 0) throw new RefusedAct('The file is empty.')
  if (bytes.length > largestFile) throw new RefusedAct('WhatsApp takes files up to 100 MB.')
  const wamid = await phones.sendFile(number, {
    kind: fileKind.parse(searchParams.get('kind')),
    bytes,
    mimeType: request.headers.get('content-type') ?? 'application/octet-stream',
    fileName: searchParams.get('filename') ?? undefined,
    caption: searchParams.get('caption') ?? undefined,
  })
  return Response.json({ wamid }, { status: 201 })
}

/** Pictures and sound are shown; any other file is only offered for download, since somebody chose its bytes. */
async function serveMedia({ media }: Control, _: Request, id: string): Promise<Response> {
  const record = media.find(id)
  const file = await media.open(id)
  if (!record || !file) return new Response('No such file', { status: 404 })
  const isShown = /^(image\/(png|jpeg|webp|gif)|audio\/|video\/)/.test(baseType(record.mimeType))
  return new Response(file, {
    headers: {
      'Content-Type': isShown ? record.mimeType : 'application/octet-stream',
      'Content-Disposition': isShown ? 'inline' : 'attachment',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "sandbox; default-src 'none'",
    },
  })
}

/** Done, and nothing to say. */
export function done(): Response {
  return new Response(null, { status: 204 })
}
