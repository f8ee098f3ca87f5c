import postgres from 'postgres'
import { fillThread } from '../fillThread.ts'

/** A conversation of the bench, newest message at its end. */
export type FilledThread = { id: string; messages: number; lastMessageId: string }

/** Puts conversations of these lengths into the demo, each with a customer of its own. The first of them stands highest in the list. */
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
      threads.push(await newThread(sql, place, index, messages))
    }
    await sql`vacuum analyze messages, conversations, contacts`
    return threads
  } finally {
    await sql.end()
  }
}

async function newThread(
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
    insert into conversations (id, workspace_id, channel_id, contact_id)
    select gen_random_uuid(), ${workspaceId}::uuid, ${channelId}::uuid, id from contact returning id`
  const id = row?.id ?? ''
  const endsAt = new Date(Date.now() - index * 1000)
  await fillThread(sql, { conversationId: id, count: messages, endsAt, everySeconds: 40 })
  const [last] = await sql<{ id: string }[]>`
    select last_message_id as id from conversations where id = ${id}`
  if (!last) throw new Error('A thread without messages')
  return { id, messages, lastMessageId: last.id }
}
