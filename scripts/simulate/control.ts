import { z } from 'zod'
import { customerAct, RefusedAct } from './act.ts'
import type { History } from './history.ts'
import type { MediaStore } from './media/mediaStore.ts'
import type { Phones } from './phones.ts'
import type { WebhookState } from './webhook/deliver.ts'

export interface Control {
  phones: Phones
  media: MediaStore
  history: History
  webhookState(): WebhookState
  setFaults(list: string): void
  shakeHands(): Promise<boolean>
}

type Handler = (control: Control, request: Request, key: string) => Promise<Response> | Response

const newPhone = z.object({ name: z.string().max(80), number: z.string() })
const setting = z.object({ autoRead: z.boolean().exactOptional(), windowClosed: z.boolean().exactOptional() })

/** The simulator's own routes, under `/simulator`; `*` stands for a number or an id. */
const routes: Record<string, Handler> = {
  'GET /phones': ({ phones, webhookState }) =>
    Response.json({ phones: phones.list(), webhook: webhookState(), now: Date.now() }),
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
  'POST /phones/*/open': ({ phones }, _, number) => {
    phones.open(number)
    return done()
  },
  'POST /messages/*/play': ({ phones }, _, wamid) => {
    phones.play(wamid)
    return done()
  },
  'GET /log': ({ phones }, request) => {
    const number = new URL(request.url).searchParams.get('number') ?? undefined
    return Response.json({ log: phones.log(number) })
  },
  'PUT /faults': async (control, request) => {
    control.setFaults(z.object({ faults: z.string() }).parse(await request.json()).faults)
    return done()
  },
  'POST /handshake': async (control) => Response.json({ verified: await control.shakeHands() }),
  'GET /media/*': serveMedia,
}

/** Answers one request under `/simulator`; undefined when there is no such route. */
export async function answerControl(request: Request, control: Control): Promise<Response | undefined> {
  const path = new URL(request.url).pathname.replace(/^\/simulator/, '')
  const key = decodeURIComponent(path.split('/')[2] ?? '')
  const handler = routes[`${request.method} ${path}`] ?? routes[`${request.method} ${starred(path)}`]
  if (!handler) return undefined
  try {
    return await handler(control, request, key)
  } catch (error) {
    const sentence = explain(error)
    if (sentence === undefined) throw error
    return Response.json({ error: sentence }, { status: 400 })
  }
}

function starred(path: string): string {
  return path.replace(/^(\/[^/]+)\/[^/]+/, '$1/*')
}

/** Pictures and sound are shown; any other file is only offered for download, since the business chose its bytes. */
async function serveMedia({ media, history }: Control, _: Request, id: string): Promise<Response> {
  const record = history.world.media.get(id)
  const bytes = await media.read(id)
  if (!record || !bytes) return new Response('No such file', { status: 404 })
  const isShown = /^(image\/(png|jpeg|webp|gif)|audio\/|video\/)/.test(record.mimeType)
  return new Response(bytes, {
    headers: {
      'Content-Type': isShown ? record.mimeType : 'application/octet-stream',
      'Content-Disposition': isShown ? 'inline' : 'attachment',
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': "sandbox; default-src 'none'",
    },
  })
}

function explain(error: unknown): string | undefined {
  if (error instanceof RefusedAct) return error.message
  if (error instanceof z.ZodError) return error.issues[0]?.message ?? 'The request is not valid.'
  if (error instanceof SyntaxError) return 'The body is not JSON.'
  return undefined
}

function done(): Response {
  return new Response(null, { status: 204 })
}
