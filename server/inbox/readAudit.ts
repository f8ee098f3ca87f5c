import type { Queryable } from '../../db/client.ts'
import { hangsInReach, type Reach } from './policy.ts'
import type { AgentName } from './snapshot.ts'

/** One line of the audit log. */
export type AuditEntry = {
  id: string
  /** A stable word, such as `person.removed`. */
  action: string
  /** Null: nobody of ours, or somebody who was erased. */
  actor: AgentName | null
  channelId: string | null
  conversationId: string | null
  details: unknown
  createdAt: string
}

/** Of each filter one has to fit; all filters have to. */
export type AuditFilters = {
  actorId?: string | undefined
  /** Whole words, or the beginning of them with a dot: `person.` */
  actions?: readonly string[] | undefined
  from?: Date | undefined
  until?: Date | undefined
}

export type AuditOf = { workspaceId: string; reach: Reach<'audit.read'> }

/** The newest entries below a cursor, as far as what they are about is within reach. */
export async function auditPage(
  sql: Queryable,
  { workspaceId, reach }: AuditOf,
  { actorId, actions, from, until }: AuditFilters,
  { before, limit }: { before?: string | undefined; limit: number },
): Promise<{ entries: AuditEntry[]; nextCursor: string | null }> {
  const [at, id] = before?.split(' ') ?? []
  const wanted = actions?.map((word) => (word.endsWith('.') ? `${word}%` : word))
  const rows = await sql<(Omit<AuditEntry, 'createdAt'> & { createdAt: Date; at: string })[]>`
    select e.id, e.action, e.channel_id, e.conversation_id, e.details, e.created_at,
           to_char(e.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at,
           case when a.id is null then null else json_build_object('id', a.id, 'name', a.name) end as actor
    from audit_entries e left join agents a on a.id = e.actor_id
    where e.workspace_id = ${workspaceId}
      and (e.channel_id is null or e.conversation_id is null and e.channel_id = any(${reach.channelIds}::uuid[])
        or ${hangsInReach(sql, reach, 'e')})
      ${actorId ? sql`and e.actor_id = ${actorId}` : sql``}
      ${wanted ? sql`and e.action like any(${wanted}::text[])` : sql``}
      ${from ? sql`and e.created_at >= ${from.toISOString()}` : sql``}
      ${until ? sql`and e.created_at < ${until.toISOString()}` : sql``}
      ${at && id ? sql`and (e.created_at, e.id) < (${at}, ${id}::uuid)` : sql``}
    order by e.created_at desc, e.id desc
    limit ${limit + 1}`
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    entries: page.map(({ at: _, createdAt, ...row }) => ({ ...row, createdAt: createdAt.toISOString() })),
    nextCursor: rows.length > limit && last ? `${last.at} ${last.id}` : null,
  }
}

/** Every action that the log of the workspace knows: what can be filtered by. */
export async function auditActions(sql: Queryable, workspaceId: string): Promise<string[]> {
  const rows = await sql<{ action: string }[]>`
    select distinct action from audit_entries where workspace_id = ${workspaceId} order by action`
  return rows.map((row) => row.action)
}
