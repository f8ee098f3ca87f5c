import type { Queryable } from '../../db/client.ts'

/** Of these ids, those of conversations that became part of others, with what they are part of now. */
export async function survivorsOf(sql: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await sql<{ id: string; conversationId: string }[]>`
    select id, conversation_id from joined_conversations where id = any(${[...ids]}::uuid[])`
  return new Map(rows.map((row) => [row.id, row.conversationId]))
}

/** The conversation that is meant by an id now: its own, or what it became part of. */
export async function presentId(sql: Queryable, conversationId: string): Promise<string> {
  return (await survivorsOf(sql, [conversationId])).get(conversationId) ?? conversationId
}
