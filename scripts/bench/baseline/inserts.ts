import postgres from 'postgres'

const BATCH = 500
/** As much as an event of the product holds. */
const PAYLOAD_BYTES = 'x'.repeat(1000)
const TEXT = 'When will it arrive? I ordered on Monday and the page still says so.'

/**
 * Messages a second when ready rows are written by `unnest`, 500 in a transaction, into the tables that a message ends in:
 * `messages`, its conversation, and `events` with the number from the counter. Nothing is looked up, checked or locked first.
 */
export function rawInserts(databaseUrl: string, count: number, conversations: number): Promise<number> {
  return withConversations(databaseUrl, conversations, async (sql, place) => {
    const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) =>
      columnsOf(place, batch * BATCH, BATCH),
    )
    return rate(count, async () => {
      for (const columns of batches) {
        await sql.begin(async (tx) => {
          await insertMessages(tx, place, columns)
          await tx`
            update conversations c set unread_count = c.unread_count + 1, last_message_id = r.id, last_position = r.position
            from unnest(${columns.id}::text[]::uuid[], ${columns.conversationId}::text[]::uuid[], ${columns.position}::text[])
              as r(id, conversation_id, position)
            where c.id = r.conversation_id`
          await tx`
            with taken as (
              update event_counters set last_seq = last_seq + ${BATCH} where workspace_id = ${place.workspaceId}
              returning last_seq - ${BATCH} as before
            )
            insert into events (workspace_id, seq, type, channel_id, conversation_id, payload)
            select ${place.workspaceId}, taken.before + r.number, 'message.added', ${place.channelId}, r.conversation_id, r.payload
            from taken, unnest(${columns.conversationId}::text[]::uuid[], ${columns.payload}::text[]::json[]) with ordinality
              as r(conversation_id, payload, number)`
        })
      }
    })
  })
}

/** Rows a second into `messages` alone: what of that is the table itself. */
export function messageInserts(databaseUrl: string, count: number, conversations: number): Promise<number> {
  return withConversations(databaseUrl, conversations, async (sql, place) => {
    const batches = Array.from({ length: Math.ceil(count / BATCH) }, (_, batch) =>
      columnsOf(place, batch * BATCH, BATCH),
    )
    return rate(count, async () => {
      for (const columns of batches) await sql.begin((tx) => insertMessages(tx, place, columns))
    })
  })
}

function insertMessages(tx: postgres.TransactionSql, place: Place, columns: Columns) {
  return tx`
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content,
      wamid, attempt, position, sent_at, is_late)
    select r.id, ${place.workspaceId}, ${place.channelId}, r.conversation_id, 'in', 'text', 'received', r.body,
      r.content, r.wamid, 0, r.position, r.sent_at, false
    from unnest(${columns.id}::text[]::uuid[], ${columns.conversationId}::text[]::uuid[], ${columns.body}::text[],
      ${columns.content}::text[]::json[], ${columns.wamid}::text[], ${columns.position}::text[],
      ${columns.sentAt}::text[]::timestamptz[])
      as r(id, conversation_id, body, content, wamid, position, sent_at)
    on conflict (channel_id, wamid) where wamid is not null do nothing
    returning id`
}

/** Rows a second with one row in each transaction, one after the other: what a consumer without batches could reach. */
export function singleInserts(databaseUrl: string, count: number, conversations: number): Promise<number> {
  return withConversations(databaseUrl, conversations, async (sql, place) => {
    const rows = columnsOf(place, 0, count)
    return rate(count, async () => {
      for (let at = 0; at < count; at++) {
        await sql`
          insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content,
            wamid, attempt, position, sent_at, is_late)
          values (${rows.id[at] ?? ''}, ${place.workspaceId}, ${place.channelId}, ${rows.conversationId[at] ?? ''}, 'in',
            'text', 'received', ${rows.body[at] ?? ''}, ${rows.content[at] ?? ''}::text::json, ${rows.wamid[at] ?? ''}, 0,
            ${rows.position[at] ?? ''}, ${rows.sentAt[at] ?? ''}::text::timestamptz, false)
          on conflict (channel_id, wamid) where wamid is not null do nothing`
      }
    })
  })
}

type Columns = ReturnType<typeof columnsOf>
type Place = { workspaceId: string; channelId: string; conversationIds: string[] }

async function withConversations(
  databaseUrl: string,
  count: number,
  work: (sql: postgres.Sql, place: Place) => Promise<number>,
): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    const [channel] = await sql<{ id: string; workspace_id: string }[]>`
      select id, workspace_id from channels limit 1`
    if (!channel) throw new Error('The database has no channel')
    const { id: channelId, workspace_id: workspaceId } = channel
    const rows = await sql<{ id: string }[]>`
      with made as (
        insert into contacts (id, workspace_id, kind, name)
        select uuidv7(), ${workspaceId}, 'person', 'Customer ' || number from generate_series(1, ${count}::int) as number
        returning id
      )
      insert into conversations (id, workspace_id, channel_id, contact_id)
      select uuidv7(), ${workspaceId}, ${channelId}, id from made returning id`
    return await work(sql, { workspaceId, channelId, conversationIds: rows.map((row) => row.id) })
  } finally {
    await sql.end()
  }
}

function columnsOf({ conversationIds }: Place, first: number, count: number) {
  const numbers = Array.from({ length: count }, (_, index) => first + index)
  const now = new Date().toISOString()
  return {
    id: numbers.map(() => Bun.randomUUIDv7()),
    conversationId: numbers.map((number) => conversationIds[(number * 7919) % conversationIds.length] ?? ''),
    body: numbers.map((number) => `${TEXT} (${number})`),
    content: numbers.map((number) => JSON.stringify({ kind: 'text', text: `${TEXT} (${number})` })),
    wamid: numbers.map((number) => `wamid.HBgLMTY1MDU1NTEyMzQVAgASGBQz${String(number).padStart(24, '0')}A=`),
    position: numbers.map((number) => String(number).padStart(34, '0')),
    sentAt: numbers.map(() => now),
    payload: numbers.map((number) =>
      JSON.stringify({ type: 'message.added', number, message: PAYLOAD_BYTES }),
    ),
  }
}

async function rate(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return count / ((performance.now() - startedAt) / 1000)
}
