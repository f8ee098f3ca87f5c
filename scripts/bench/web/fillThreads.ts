import postgres from 'postgres'

/** A conversation of the bench, newest message at its end. */
export type FilledThread = { id: string; messages: number; lastMessageId: string }

/**
 * Puts conversations of these lengths into the demo, each with a customer of its own: texts of one to several lines, from both sides,
 * pictures whose file is missing, places, voice. The first of them stands highest in the list.
 */
export async function fillThreads(databaseUrl: string, lengths: readonly number[]): Promise<FilledThread[]> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const [place] = await sql<{ workspaceId: string; channelId: string }[]>`
      select c.workspace_id as "workspaceId", c.id as "channelId"
      from channels c join channel_teams ct on ct.channel_id = c.id join teams t on t.id = ct.team_id
      where t.name = 'Support' limit 1`
    if (!place) throw new Error('The demo has no channel of the team Support')
    const threads: FilledThread[] = []
    for (const [index, messages] of lengths.entries()) {
      threads.push(await fillThread(sql, place, index, messages))
    }
    await sql`vacuum analyze messages, conversations, contacts`
    return threads
  } finally {
    await sql.end()
  }
}

async function fillThread(
  sql: postgres.Sql,
  { workspaceId, channelId }: { workspaceId: string; channelId: string },
  index: number,
  messages: number,
): Promise<FilledThread> {
  const [row] = await sql<{ id: string }[]>`
    with contact as (
      insert into contacts (id, workspace_id, name)
      values (gen_random_uuid(), ${workspaceId}, ${`Reader ${String(index).padStart(3, '0')}`}) returning id
    )
    insert into conversations (id, workspace_id, channel_id, contact_id, last_inbound_at)
    select gen_random_uuid(), ${workspaceId}::uuid, ${channelId}::uuid, id, now() from contact returning id`
  const id = row?.id ?? ''
  await sql`
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content, wamid, position, sent_at)
    select gen_random_uuid(), ${workspaceId}::uuid, ${channelId}::uuid, ${id}::uuid, said.direction, said.kind,
           case said.direction when 'in' then 'received' else 'read' end, said.body,
           case said.kind
             when 'location' then json_build_object('kind', 'location', 'latitude', 52.5, 'longitude', 13.4, 'name', 'Here', 'address', null, 'url', null)
             else json_build_object('kind', 'text', 'text', said.body)
           end,
           'wamid.BENCH' || ${index}::text || '.' || n,
           lpad(extract(epoch from said.at)::bigint::text, 10, '0') || lpad((extract(epoch from said.at)::bigint * 1000)::text, 13, '0')
             || lpad((n % 1000000)::text, 6, '0') || '00000',
           said.at
    from generate_series(1, ${messages}::int) n
    cross join lateral (
      select case when n % 3 = 0 then 'out' else 'in' end as direction,
             case when n % 17 = 0 then 'location' else 'text' end as kind,
             'Message ' || n || ' ' || repeat('and a little more about the order that has not come yet ', n % 7) as body,
             date_trunc('second', now()) - ${index} * interval '1 second' - (${messages}::int - n) * interval '40 seconds' as at
    ) said`
  const [last] = await sql<{ id: string; position: string }[]>`
    select id, position from messages where conversation_id = ${id} order by position desc limit 1`
  if (!last) throw new Error('A thread without messages')
  await sql`update conversations set last_message_id = ${last.id}, last_position = ${last.position}, version = 1 where id = ${id}`
  return { id, messages, lastMessageId: last.id }
}
