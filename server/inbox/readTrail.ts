import type { Queryable } from '../../db/client.ts'
import type { AgentName } from './snapshot.ts'

/** One line of a conversation's history: who did what, when. */
export type TrailEntry = {
  id: string
  /** A stable word, such as `lock.taken_over`. */
  action: string
  actor: AgentName | null
  details: unknown
  createdAt: string
}

/** More is not read at once: the trail is for people. */
const LONGEST_TRAIL = 200

/** The newest entries of a conversation's trail, newest first, and of what became part of it: the trail itself is never changed. Whoever calls has asked the policy. */
export async function readTrail(sql: Queryable, conversationId: string): Promise<TrailEntry[]> {
  const rows = await sql<(Omit<TrailEntry, 'createdAt'> & { createdAt: Date })[]>`
    select e.id, e.action, e.details, e.created_at,
           case when a.id is null then null else json_build_object('id', a.id, 'name', a.name) end as actor
    from audit_entries e
    left join agents a on a.id = e.actor_id
    where e.conversation_id = any(array(
      select ${conversationId}::uuid union all select j.id from joined_conversations j where j.conversation_id = ${conversationId}
    ))
    order by e.created_at desc, e.id desc
    limit ${LONGEST_TRAIL}`
  return rows.map(({ createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() }))
}
