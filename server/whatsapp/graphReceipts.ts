import type { TokenOf } from './accessToken.ts'
import type { MessageError } from './content.ts'
import { isObject, parseJson } from './json.ts'
import { messageError } from './messageError.ts'

/** A message of a customer that was read; everything above it in the thread counts as read too. */
export type ReadMark = {
  phoneNumberId: string
  wamid: string
  /** Shows the customer that somebody is typing, until they answer or for 25 seconds. */
  isTyping: boolean
}

/** `failed`: no answer that could be read, so it may be tried again. */
export type MarkOutcome = { marked: true } | { refused: MessageError } | { failed: string }

export type MarkRead = (mark: ReadMark, signal: AbortSignal) => Promise<MarkOutcome>

const TIMEOUT_MS = 10_000

/** Tells WhatsApp that messages were read. There is no way to show typing without that (Meta, "Typing indicators"). */
export function createMarkRead({ apiUrl, tokenOf }: { apiUrl: string; tokenOf: TokenOf }): MarkRead {
  return async ({ phoneNumberId, wamid, isTyping }, signal) => {
    try {
      const accessToken = await tokenOf({ phoneNumberId })
      const response = await fetch(`${apiUrl}/${phoneNumberId}/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          messaging_product: 'whatsapp',
          status: 'read',
          message_id: wamid,
          ...(isTyping && { typing_indicator: { type: 'text' } }),
        }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      const answer = parseJson(await response.text())
      if (isObject(answer) && isObject(answer.error)) return { refused: messageError(answer.error) }
      return response.ok ? { marked: true } : { failed: `HTTP ${response.status}` }
    } catch (error) {
      return { failed: error instanceof Error ? error.message : String(error) }
    }
  }
}
