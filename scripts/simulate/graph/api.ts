import type { Channel } from '../channel.ts'
import type { Json, JsonObject } from '../entry.ts'
import type { FaultName } from '../faults.ts'
import type { History } from '../history.ts'
import type { MediaStore } from '../media/mediaStore.ts'
import { businessAccount, phoneNumber, phoneNumbers, subscribedApps } from './account.ts'
import { describeMedia, isFreshAddress, uploadMedia } from './media.ts'
import { Refusal, unknownObject } from './refusal.ts'
import { sendMessage } from './sendMessage.ts'
import { listTemplates } from './templates.ts'

export interface GraphApi {
  channel: Channel
  history: History
  media: MediaStore
  /** The fault that strikes the send at hand, if any. */
  nextFault(): FaultName | undefined
}

/** Answers one Graph API request; undefined when the path is none of the API's. */
export async function answerGraph(request: Request, api: GraphApi): Promise<Response | undefined> {
  const url = new URL(request.url)
  const match = /^\/v\d+\.\d+\/([^/]+)(?:\/(\w+))?\/?$/.exec(url.pathname)
  const isDownload = url.pathname.startsWith('/whatsapp_business/attachments')
  if (!match && !isDownload) return undefined
  try {
    checkBearer(request, api.channel)
    if (isDownload) return await download(url, api)
    return await route(request, url, match?.[1] ?? '', match?.[2] ?? '', api)
  } catch (error) {
    if (error instanceof Refusal) return error.toResponse()
    throw error
  }
}

async function route(request: Request, url: URL, id: string, edge: string, api: GraphApi): Promise<Response> {
  const { channel, history, media } = api
  const call = `${request.method} ${edge}`
  if (id === channel.phoneNumberId) {
    if (call === 'POST messages') return answerSend(await readJson(request), api)
    if (call === 'POST media') return Response.json(await uploadMedia(request, media))
    if (call === 'GET ') return Response.json(phoneNumber(channel))
  }
  if (id === channel.businessAccountId) {
    if (call === 'GET message_templates') return Response.json(listTemplates(url))
    if (call === 'GET phone_numbers') return Response.json(phoneNumbers(channel))
    if (call === 'GET subscribed_apps') return Response.json(subscribedApps())
    if (call === 'POST subscribed_apps') return Response.json({ success: true })
    if (call === 'GET ') return Response.json(businessAccount(channel))
  }
  const file = history.world.media.get(id)
  if (file && call === 'GET ') return Response.json(describeMedia(file, url.origin, history.now()))
  if (file && call === 'DELETE ') {
    await media.remove(id)
    return Response.json({ success: true })
  }
  throw unknownObject(id, request.method)
}

function answerSend(request: JsonObject, api: GraphApi): Response | Promise<Response> {
  const fault = request.status === 'read' ? undefined : api.nextFault()
  if (fault === '429') throw new Refusal(130429)
  if (fault === '5xx') throw new Refusal(131016)
  if (fault === 'reset-before-reply') return cutConnection()
  const answer = sendMessage(request, api.channel, api.history)
  if (fault === 'timeout-after-accept') return new Promise(() => {})
  return Response.json(answer)
}

/** Bun.serve has no way to destroy a socket; a body that fails before its first byte has the same effect. */
function cutConnection(): Response {
  return new Response(
    new ReadableStream({
      start: (body) => body.error(new Error('simulator: reset-before-reply, as asked for')),
    }),
  )
}

async function download(url: URL, { history, media }: GraphApi): Promise<Response> {
  const record = history.world.media.get(url.searchParams.get('mid') ?? '')
  const bytes = record && (await media.read(record.id))
  if (!record || !bytes || !isFreshAddress(record, url, history.now())) {
    return new Response('URL signature expired', { status: 404 })
  }
  return new Response(bytes, { headers: { 'Content-Type': record.mimeType } })
}

function checkBearer(request: Request, channel: Channel): void {
  const given = request.headers.get('authorization') ?? ''
  if (given === `Bearer ${channel.accessToken}`) return
  throw new Refusal(
    190,
    undefined,
    undefined,
    given === '' ? 'An access token is required to request this resource.' : undefined,
  )
}

async function readJson(request: Request): Promise<JsonObject> {
  const value = (await request.json().catch(() => undefined)) as Json | undefined
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Refusal(100, 'The body is not a JSON object.')
}
