import type { Json } from './content.ts'
import type { Addressee, DeliveredStatus } from './delivery.ts'
import { isObject, textOf } from './json.ts'
import { firstError } from './messageError.ts'
import { momentOf } from './moment.ts'

type StatusItem =
  | { kind: 'status'; to: Addressee; status: DeliveredStatus }
  | { kind: 'malformed'; to: Addressee; reason: string; detail: string; item: Json }

/** One element of `statuses` (shared facts §2.4). Both spellings that Meta's pages use for the member of a group count. */
export function readStatus(item: Json, receivedAt: Date, to: Addressee): StatusItem {
  const malformed = (detail: string): StatusItem => ({
    kind: 'malformed',
    to,
    reason: 'malformed_status',
    detail,
    item,
  })
  if (!isObject(item)) return malformed('The status is not an object')
  const wamid = textOf(item.id)
  const status = textOf(item.status)
  if (wamid === null || status === null) return malformed('The status has no message id or no status')
  const { id: _, status: __, timestamp: ___, errors, ...details } = item
  return {
    kind: 'status',
    to,
    status: {
      wamid,
      status: status.toLowerCase(),
      occurredAt: momentOf(item.timestamp, receivedAt),
      participant:
        textOf(item.recipient_participant_id) ??
        textOf(item.participant_recipient_id) ??
        textOf(item.recipient_participant_user_id) ??
        '',
      callbackData: textOf(item.biz_opaque_callback_data),
      error: firstError(errors),
      errors: errors ?? null,
      details,
    },
  }
}
