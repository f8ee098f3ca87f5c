import type postgres from 'postgres'
import { positionOf } from '../../server/inbox/position.ts'

const MINUTE_MS = 60_000

/** So many open conversations in the demo's channel, each a minute older than the one before; `Customer 0000` is the oldest. */
export async function manyConversations(sql: postgres.Sql, count: number): Promise<void> {
  const [channel] = await sql<{ id: string; workspaceId: string }[]>`
    select id, workspace_id as "workspaceId" from channels where name = 'Support'`
  if (!channel) throw new Error('The demo has no channel named Support')
  const now = Date.now()
  const all = Array.from({ length: count }, (_, index) => {
    const at = new Date(now - (count - index + 10) * MINUTE_MS)
    return {
      id: Bun.randomUUIDv7(),
      contactId: Bun.randomUUIDv7(),
      name: `Customer ${`${index}`.padStart(4, '0')}`,
      at: at.toISOString(),
      position: positionOf(at, '1-0', 0),
    }
  })
  const column = (name: keyof (typeof all)[number]) => all.map((one) => one[name])
  await sql`
    insert into contacts (id, workspace_id, name)
    select id, ${channel.workspaceId}, name from unnest(${column('contactId')}::uuid[], ${column('name')}::text[]) as new (id, name)`
  await sql`
    insert into conversations (id, workspace_id, channel_id, contact_id, status, unread_count, last_inbound_at, last_position)
    select id, ${channel.workspaceId}, ${channel.id}, contact_id, 'open', 0, at, position
    from unnest(${column('id')}::uuid[], ${column('contactId')}::uuid[], ${column('at')}::timestamptz[], ${column('position')}::text[])
      as new (id, contact_id, at, position)`
}
