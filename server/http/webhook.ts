import type { Counter, Histogram } from 'prom-client'
import { type Append, NotAppended } from '../ingest/append.ts'
import type { Log } from '../log.ts'
import type { WebhookSecrets } from '../secrets/channelSecrets.ts'
import { isSameSecret, signerOf } from '../whatsapp/signature.ts'
import { bodyRefusal, readBody } from './readBody.ts'

export type WebhookOptions = {
  /** From memory, at each request anew: one that was just added counts. */
  secrets(): WebhookSecrets
  append: Append
  metrics: { seconds: Histogram<'status'>; appended: Counter }
  /** In which time a body has to come, as a whole. */
  bodyWithinMs?: number | undefined
  log: Log
}

/** Meta sends up to 3 MB (Meta, "Webhooks: payload size"). */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024
const RETRY_AFTER_SECONDS = '5'

/**
 * Meta's webhook. A delivery is verified, appended to the stream, and answered; nothing else happens before the answer, and
 * the answer is 200 only when Redis has the body on disk. Whatever is signed is taken, even when it can not be read: it ends
 * as a dead letter that people can see, where a refusal would make Meta repeat it for days.
 */
export function createWebhook(options: WebhookOptions): (request: Request) => Promise<Response> {
  const { metrics } = options
  return async (request) => {
    if (request.method === 'GET') return shakeHands(request, options.secrets().verifyTokens)
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { Allow: 'GET, POST' } })
    const startedAt = performance.now()
    const response = await receive(request, options)
    metrics.seconds.observe({ status: String(response.status) }, (performance.now() - startedAt) / 1000)
    if (response.status === 200) metrics.appended.inc()
    return response
  }
}

async function receive(
  request: Request,
  { secrets, append, log, bodyWithinMs }: WebhookOptions,
): Promise<Response> {
  let body: Uint8Array
  try {
    body = await readBody(request, LARGEST_BODY_BYTES, bodyWithinMs)
  } catch (error) {
    const refusal = bodyRefusal(error, '4 MiB')
    if (refusal) return refusal
    throw error
  }
  const { appSecrets, ownersOf } = secrets()
  const signer = signerOf(appSecrets, body, request.headers.get('x-hub-signature-256'))
  if (signer === null) {
    return new Response('The signature is missing or wrong.', { status: 401 })
  }
  try {
    await append(body, ownersOf?.get(signer) ?? null)
  } catch (err) {
    if (!(err instanceof NotAppended)) throw err
    log.warn({ err, bytes: body.byteLength }, 'a delivery was not taken; WhatsApp will repeat it')
    return new Response('Try again later.', { status: 503, headers: { 'Retry-After': RETRY_AFTER_SECONDS } })
  }
  return new Response('ok')
}

/** Meta asks once, when the webhook is set up, and wants its challenge back, bare and unparsed. */
function shakeHands(request: Request, verifyTokens: readonly string[]): Response {
  const query = new URL(request.url).searchParams
  const isMeant = query.get('hub.mode') === 'subscribe'
  const said = query.get('hub.verify_token') ?? ''
  // Every one is tried, so that the time tells nothing about which it was.
  const isKnown = verifyTokens.filter((token) => isSameSecret(said, token)).length > 0
  if (!isMeant || !isKnown) {
    return new Response('The verify token is wrong.', { status: 403 })
  }
  return new Response(query.get('hub.challenge') ?? '', { headers: { 'Content-Type': 'text/plain' } })
}
