import postgres from 'postgres'
import { positionOf } from '../../server/inbox/position.ts'

export type OutboxLoad = { conversations: number; perConversation: number; throughputPerSecond: number }

/** Queues messages on the demo's number, as agents would have: the n-th of each conversation says "n". */
export async function fillOutbox(databaseUrl: string, load: OutboxLoad): Promise<void> {
  const { conversations, perConversation, throughputPerSecond } = load
  const sql = postgres(databaseUrl, { max: 1 })
  const position = positionOf(new Date(), `${Date.now()}-0`, 0)
  try {
    await sql.begin(async (tx) => {
      const [channel] = await tx`
        update channels set throughput_per_second = ${throughputPerSecond} returning id, workspace_id`
      if (!channel) throw new Error('The demo has no channel')
      const { id, workspace_id } = channel
      await tx`
        create temporary table load on commit drop as
        select gen_random_uuid() as contact, gen_random_uuid() as conversation, n from generate_series(1, ${conversations}::int) n`
      await tx`
        insert into contacts (id, workspace_id, phone)
        select contact, ${workspace_id}, (15550000000 + n)::text from load`
      await tx`
        insert into conversations (id, workspace_id, channel_id, contact_id, last_inbound_at)
        select conversation, ${workspace_id}, ${id}, contact, now() from load`
      await tx`
        create temporary table sent on commit drop as
        select gen_random_uuid() as message, conversation, k, ${position} || lpad(k::text, 4, '0') as position
        from load, generate_series(1, ${perConversation}::int) k`
      await tx`
        insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content, position, sent_at)
        select message, ${workspace_id}, ${id}, conversation, 'out', 'text', 'queued', k::text,
          json_build_object('kind', 'text', 'text', k::text), position, now() from sent`
      await tx`
        insert into outbox (id, workspace_id, channel_id, conversation_id, message_id, position)
        select gen_random_uuid(), ${workspace_id}, ${id}, conversation, message, position from sent order by k`
    })
    await sql`analyze outbox`
  } finally {
    await sql.end()
  }
}

/** How many messages are not sent yet. */
export async function unsentIn(databaseUrl: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const [row] = await sql<
      { count: number }[]
    >`select count(*)::int as count from outbox where state <> 'sent'`
    return row?.count ?? 0
  } finally {
    await sql.end()
  }
}
