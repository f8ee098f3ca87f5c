import type { MessageSnapshot } from '../../server/inbox/snapshot.ts'
import { STATUS_RANK } from '../../server/inbox/statusLadder.ts'
import type { messageAttempts, messageStatuses } from '../schema/index.ts'
import type { AgentLine } from './line.ts'

/** From one rung to the next. */
const RUNG_MS = 800

/** What WhatsApp told on the way to each status. */
const TOLD = {
  sent: ['sent'],
  delivered: ['sent', 'delivered'],
  read: ['sent', 'delivered', 'read'],
  failed: ['sent', 'failed'],
} as const

/** The one attempt of a message that we sent, and the statuses that WhatsApp told about it. */
export function attemptRows(
  line: AgentLine,
  message: MessageSnapshot,
  scope: { workspaceId: string; channelId: string },
): {
  attempt: typeof messageAttempts.$inferInsert
  statuses: (typeof messageStatuses.$inferInsert)[]
} {
  const sentMs = Date.parse(message.sentAt)
  const error = 'error' in line ? line.error : null
  const wamid = message.wamid ?? ''
  const base = { ...scope, messageId: message.id, wamid }
  return {
    attempt: {
      ...base,
      id: Bun.randomUUIDv7('hex', sentMs),
      number: 1,
      status: line.status,
      statusRank: STATUS_RANK[line.status],
      error,
      createdAt: new Date(sentMs),
      settledAt: new Date(sentMs + RUNG_MS),
    },
    statuses: TOLD[line.status].map((status) => ({
      ...base,
      id: Bun.randomUUIDv7(),
      status,
      occurredAt: new Date(sentMs + RUNG_MS * STATUS_RANK[status]),
      errors: status === 'failed' && error ? [error] : null,
    })),
  }
}
