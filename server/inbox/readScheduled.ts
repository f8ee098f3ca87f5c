import type { Queryable } from '../../db/client.ts'
import { hangsInReach, type Reach } from './policy.ts'
import { isWindowOpen } from './serviceWindow.ts'
import type { ScheduledSnapshot } from './snapshot.ts'

type ScheduledRow = Omit<ScheduledSnapshot, 'sendAt' | 'createdAt' | 'isBeyondWindow'> & {
  sendAt: Date
  createdAt: Date
  lastInboundAt: Date | null
}

const selectScheduled = (sql: Queryable) => sql`
  select s.id, s.conversation_id, s.client_message_id, json_build_object('id', a.id, 'name', a.name) as agent, s.content,
         s.quoted_message_id, s.send_at, s.state, s.refusal, s.message_id, s.created_at, c.last_inbound_at
  from scheduled_messages s
  join agents a on a.id = s.agent_id
  join conversations c on c.id = s.conversation_id`

function snapshot({ lastInboundAt, sendAt, createdAt, ...row }: ScheduledRow): ScheduledSnapshot {
  const isFree = row.content.kind === 'template' || row.state !== 'scheduled'
  return {
    ...row,
    sendAt: sendAt.toISOString(),
    isBeyondWindow: !isFree && !isWindowOpen(lastInboundAt, sendAt),
    createdAt: createdAt.toISOString(),
  }
}

/** One by its id. Whoever calls has asked the policy, or found the row. */
export async function scheduledById(sql: Queryable, id: string): Promise<ScheduledSnapshot> {
  const [row] = await sql<ScheduledRow[]>`${selectScheduled(sql)} where s.id = ${id}`
  if (!row) throw new Error('A scheduled message is gone')
  return snapshot(row)
}

/** What waits for its time or could not be sent, the next one first: in a conversation, or all that the agent has scheduled. */
export async function waitingScheduled(
  sql: Queryable,
  { agentId, conversationId, reach }: { agentId: string; conversationId?: string | undefined; reach: Reach },
  limit: number,
): Promise<ScheduledSnapshot[]> {
  const rows = await sql<ScheduledRow[]>`
    ${selectScheduled(sql)}
    where s.state in ('scheduled', 'sending', 'refused') and ${hangsInReach(sql, reach, 's')}
      and ${conversationId ? sql`s.conversation_id = ${conversationId}` : sql`s.agent_id = ${agentId}`}
    order by s.send_at, s.id limit ${limit}`
  return rows.map(snapshot)
}
