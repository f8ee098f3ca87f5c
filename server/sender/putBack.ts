import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { NewEvent } from '../inbox/commitWithEvents.ts'
import type { MessageError } from '../whatsapp/content.ts'

export type PutBack = {
  attemptId: string
  messageId: string
  /** `unsent`: the request never left this machine. The other two were refused by WhatsApp. */
  why: 'put_off' | 'stopped' | 'unsent'
  dueAt: Date
  error: MessageError | null
}

type BackRow = {
  id: string
  workspaceId: string
  channelId: string
  conversationId: string
  attempt: number
  error: MessageError | null
  dueAt: Date
}

/**
 * Puts claimed messages back to the head of their lines. A refused attempt ends as failed, and the message shows the next one,
 * which gets an id of its own; an attempt that never left is taken back. Tells agents of what WhatsApp has put off.
 *
 * An attempt whose lease ran out meanwhile is `unknown`, and this answer ends the doubt.
 */
export async function putBack(tx: Transaction, rows: readonly PutBack[], now: Date): Promise<NewEvent[]> {
  if (rows.length === 0) return []
  const changed = await tx<BackRow[]>`
    with back as (
      update outbox o
      set state = 'queued', due_at = r."dueAt", attempt_id = null, claimed_at = null,
          attempts = o.attempts - case r.why when 'unsent' then 1 else 0 end,
          retries = o.retries + case r.why when 'put_off' then 1 else 0 end,
          last_error = case r.why when 'put_off' then r.error end
      from ${unnest(tx, rows, {
        attemptId: 'uuid',
        messageId: 'uuid',
        why: 'text',
        dueAt: 'timestamptz',
        error: 'json',
      })}
      where o.message_id = r."messageId" and o.attempt_id = r."attemptId" and o.state in ('sending', 'unknown')
      returning o.message_id, o.attempts, o.due_at, o.last_error, r."attemptId" as attempt_id, r.why, r.error
    ), ended as (
      update message_attempts a
      set status = 'failed', status_rank = 4, error = back.error, settled_at = ${now.toISOString()}
      from back where a.id = back.attempt_id and back.why <> 'unsent'
    ), undone as (
      delete from message_attempts a using back where a.id = back.attempt_id and back.why = 'unsent'
    )
    update messages m set status = 'queued', attempt = back.attempts + 1, error = back.last_error
    from back where m.id = back.message_id
    returning m.id, m.workspace_id, m.channel_id, m.conversation_id, m.attempt, m.error, back.due_at`
  return changed.flatMap(
    ({ id, workspaceId, channelId, conversationId, attempt, error, dueAt }): NewEvent[] => {
      if (error === null) return []
      const retryAt = dueAt.toISOString()
      const reached = { messageId: id, attempt, status: 'queued' as const, error, wamid: null, retryAt }
      return [
        {
          workspaceId,
          channelId,
          conversationId,
          event: { type: 'message.status', conversationId, ...reached },
        },
      ]
    },
  )
}
