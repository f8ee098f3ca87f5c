import type { Queryable } from '../../db/client.ts'
import {
  type ConversationView,
  fits,
  inReach,
  inView,
  type ListFilters,
  type ListOf,
} from './listConditions.ts'
import { belowCursor, type ListSort, readCursor, sortSql, writeCursor } from './listSort.ts'
import { conversationsById } from './readConversations.ts'
import { Refusal } from './refusal.ts'
import type { ConversationSnapshot } from './snapshot.ts'

export type ConversationPage = {
  conversations: ConversationSnapshot[]
  hasMore: boolean
  /** Where the next page begins; null: this was the last. */
  nextCursor: string | null
}

export type ListRequest = ListOf & { view: ConversationView; filters: ListFilters; sort: ListSort }

/**
 * A page of the list: the `limit` conversations that stand below `before`. Which ones they are is found first, without the
 * joins that show them, so that what is filtered out or sorted away costs no more than its row.
 */
export async function conversationPage(
  sql: Queryable,
  of: ListRequest,
  { before, limit }: { before?: string | undefined; limit: number },
  now: Date,
): Promise<ConversationPage> {
  const cursor = before === undefined ? null : readCursor(before, of.sort)
  if (before !== undefined && cursor === null)
    throw new Refusal('INPUT_INVALID', 'That is no place in the list. Ask for it from the top.')
  const asOf = cursor?.asOf ?? now
  const { keys, order } = sortSql(sql, of.sort, asOf)
  const rows = await sql<{ id: string; keys: string[] }[]>`
    select c.id, ${keys} as keys from conversations c
    where ${inReach(sql, of)} and ${inView(sql, of.view, of.agentId)} ${fits(sql, of.filters, asOf)}
      ${cursor ? sql`and ${belowCursor(sql, of.sort, cursor)}` : sql``}
    order by ${order}
    limit ${limit + 1}`
  const page = rows.slice(0, limit)
  const read = await conversationsById(
    sql,
    page.map((row) => row.id),
  )
  const conversations = new Map(read.map((conversation) => [conversation.id, conversation]))
  const last = page.at(-1)
  const hasMore = rows.length > limit
  return {
    conversations: page.flatMap(({ id }) => conversations.get(id) ?? []),
    hasMore,
    nextCursor: hasMore && last ? writeCursor({ asOf, keys: last.keys }) : null,
  }
}
