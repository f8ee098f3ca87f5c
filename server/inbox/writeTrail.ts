import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'

/** One line for the audit trail of a conversation. */
export type NewTrailEntry = {
  workspaceId: string
  channelId: string
  conversationId: string
  /** Null: nobody of ours, such as the customer, or time itself. */
  actorId: string | null
  /** A stable word, such as `conversation.resolved`. */
  action: string
  details: object | null
}

/** Adds to the audit trail, in the transaction of what it tells. No statement for no entries. */
export async function writeTrail(tx: Transaction, entries: readonly NewTrailEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map((entry) => ({ id: Bun.randomUUIDv7(), ...entry }))
  await tx`
    insert into audit_entries (id, workspace_id, channel_id, conversation_id, actor_id, action, details)
    select r.id, r."workspaceId", r."channelId", r."conversationId", r."actorId", r.action, r.details
    from ${unnest(tx, rows, {
      id: 'uuid',
      workspaceId: 'uuid',
      channelId: 'uuid',
      conversationId: 'uuid',
      actorId: 'uuid',
      action: 'text',
      details: 'json',
    })}`
}
