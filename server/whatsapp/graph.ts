import type { Json, JsonObject, MessageContent, MessageError } from './content.ts'
import { contentPayload } from './contentPayload.ts'
import { isObject, listOf, objectOf, textOf } from './json.ts'
import { messageError } from './messageError.ts'

/** Where a message goes. WhatsApp users with a username may have no phone for us; then their user id is the address. */
export type Recipient = { phone: string } | { userId: string } | { groupId: string }

export type OutgoingMessage = {
  phoneNumberId: string
  recipient: Recipient
  content: MessageContent
  /** The message that this one quotes. */
  quotedWamid: string | null
  /** Meta's id of its file (see `fileIdOf`), uploaded before; null for a message without one. */
  graphMediaId: string | null
  /** The id of the attempt: comes back in every status of the message (`biz_opaque_callback_data`, 512 characters). */
  attemptId: string
  /** Of the channel. */
  accessToken: string
}

/**
 * What came of a request. `unreached`: it never left this machine. `unknown`: it left, and no answer that could be read
 * came back, so WhatsApp may or may not have it. The Graph API has no idempotency key, so an unknown is never repeated.
 */
export type GraphOutcome =
  | { sent: string }
  | { refused: MessageError }
  | { unreached: string }
  | { unknown: string }

export type Graph = { send(message: OutgoingMessage): Promise<GraphOutcome> }

const TIMEOUT_MS = 20_000
/** Errors of fetch that come before a single byte was sent. */
const UNREACHED_CODES = new Set([
  'ConnectionRefused',
  'ECONNREFUSED',
  'FailedToOpenSocket',
  'ENOTFOUND',
  'EAI_AGAIN',
  'DNSResolveFailed',
])

/** The Graph API at `apiUrl` (with its version). */
export function createGraph({ apiUrl }: { apiUrl: string }): Graph {
  return {
    async send(message) {
      let response: Response
      let body: string
      try {
        response = await fetch(`${apiUrl}/${message.phoneNumberId}/messages`, {
          method: 'POST',
          headers: { authorization: `Bearer ${message.accessToken}`, 'content-type': 'application/json' },
          body: JSON.stringify(payloadOf(message)),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        })
        body = await response.text()
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : ''
        const reason = error instanceof Error ? error.message : String(error)
        return UNREACHED_CODES.has(code) ? { unreached: reason } : { unknown: reason }
      }
      return outcomeOf(response.status, body)
    },
  }
}

function payloadOf({
  recipient,
  content,
  quotedWamid,
  graphMediaId,
  attemptId,
}: OutgoingMessage): JsonObject {
  return {
    messaging_product: 'whatsapp',
    ...addressOf(recipient),
    ...contentPayload(content, graphMediaId),
    ...(quotedWamid !== null && { context: { message_id: quotedWamid } }),
    biz_opaque_callback_data: attemptId,
  }
}

/** A number without `+` may get the business's own country code put before it, so it always goes with one. */
function addressOf(recipient: Recipient): JsonObject {
  if ('groupId' in recipient) return { recipient_type: 'group', to: recipient.groupId }
  if ('userId' in recipient) return { recipient_type: 'individual', recipient: recipient.userId }
  return { recipient_type: 'individual', to: `+${recipient.phone.replace(/^\+/, '')}` }
}

function outcomeOf(status: number, body: string): GraphOutcome {
  const answer = parse(body)
  const wamid = textOf(objectOf(listOf(answer?.messages)[0]).id)
  if (status >= 200 && status < 300 && wamid !== null) return { sent: wamid }
  // An error in Meta's own shape is an answer: the message was not taken. Anything else came from in between.
  if (answer !== null && isObject(answer.error)) return { refused: messageError(answer.error) }
  return { unknown: `HTTP ${status} without an answer that can be read` }
}

function parse(body: string): JsonObject | null {
  try {
    const json: Json = JSON.parse(body)
    return isObject(json) ? json : null
  } catch {
    return null
  }
}
