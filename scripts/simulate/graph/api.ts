import type { Json, JsonObject } from '../entry.ts'
import { isObject } from '../json.ts'
import { debugToken } from './account.ts'
import { answerAfter, failBefore } from './answerTrouble.ts'
import { download, elsewherePath } from './download.ts'
import type { GraphApi } from './graphApi.ts'
import { markRead } from './markRead.ts'
import { numberIn } from './recipient.ts'
import { invalid, Refusal, unknownObject } from './refusal.ts'
import { findRoute } from './routes.ts'
import { sendMessage } from './sendMessage.ts'
import { checkProof, tokenNamed, whoseIs } from './whose.ts'

/** Answers one Graph API request; undefined when the path is none of the API's. The first business is the main one. */
export async function answerGraph(
  request: Request,
  businesses: readonly GraphApi[],
): Promise<Response | undefined> {
  const url = new URL(request.url)
  const api = whoseIs(request, url, businesses)
  if (url.pathname.startsWith(elsewherePath)) return answerElsewhere(request, url, api)
  const match = /^\/v\d+\.\d+\/([^/]+)(?:\/(\w+))?\/?$/.exec(url.pathname)
  const isDownload = url.pathname.startsWith('/whatsapp_business/attachments')
  if (!match && !isDownload) return undefined
  try {
    api.token.check(request)
    checkProof(url, api)
    if (isDownload) return await answerDownload(request, url, api)
    const [, id = '', edge = ''] = match ?? []
    if (id === 'debug_token') return Response.json(debugToken(tokenNamed(url, businesses)))
    const isMessage = id === api.channel.phoneNumberId && edge === 'messages' && request.method === 'POST'
    return isMessage ? await answerMessage(request, api) : await answerOther(request, url, id, edge, api)
  } catch (error) {
    if (error instanceof Refusal) return error.toResponse()
    throw error
  }
}

async function answerMessage(request: Request, api: GraphApi): Promise<Response> {
  const body = await readJson(request)
  if (body.messaging_product !== 'whatsapp') throw invalid('The parameter messaging_product is required.')
  const isRead = body.status === 'read'
  const trouble = isRead
    ? api.faults.strike('read')
    : api.faults.strike('send', numberIn(body, api.history.world))
  const failed = failBefore(trouble, api.token, request)
  if (failed) return failed
  const failureCode = trouble && 'code' in trouble ? trouble.code : undefined
  const answer = isRead ? markRead(body, api.history) : sendMessage(body, api, failureCode)
  return answerAfter(Response.json(answer), trouble, api.slowMs)
}

async function answerDownload(request: Request, url: URL, api: GraphApi): Promise<Response> {
  const trouble = api.faults.strike('download')
  const failed = failBefore(trouble, api.token, request)
  return failed ?? answerAfter(await download(url, api, trouble), trouble, api.slowMs)
}

async function answerOther(
  request: Request,
  url: URL,
  id: string,
  edge: string,
  api: GraphApi,
): Promise<Response> {
  const served = findRoute(request, url, id, edge, api)
  if (!served) throw unknownObject(id, request.method)
  const trouble = api.faults.strike(served.on)
  const failed = failBefore(trouble, api.token, request)
  if (failed) return failed
  return answerAfter(Response.json(await served.answer(trouble)), trouble, api.slowMs)
}

/** A client must not follow an address to another host, and least of all take its token there. */
function answerElsewhere(request: Request, url: URL, { trespasses, history }: GraphApi): Response {
  const hadToken = request.headers.has('authorization')
  trespasses.push({ at: history.now(), path: url.pathname, hadToken })
  return new Response('This is another host.')
}

async function readJson(request: Request): Promise<JsonObject> {
  const value = (await request.json().catch(() => undefined)) as Json | undefined
  if (isObject(value)) return value
  throw new Refusal(100, { details: 'The body is not a JSON object.' })
}
