import type { Queryable } from '../../db/client.ts'
import { type ConversationView, inReach, inView, type ListOf } from './listConditions.ts'

/** What was put away is not counted further than this: nobody reads such a number, and it would cost the more the older an inbox is. */
export const MOST_COUNTED = 10_000

/**
 * How many conversations each view holds, in one statement: one walk through what is open, and a bounded one through what is
 * snoozed and what is resolved. Of the mentions, those with a note that was not read yet are counted.
 */
export async function countViews(sql: Queryable, of: ListOf): Promise<Record<ConversationView, number>> {
  const count = (view: ConversationView) => sql`count(*) filter (where ${inView(sql, view, of.agentId)})::int`
  const bounded = (view: ConversationView) => sql`(
    select count(*)::int from (
      select 1 from conversations c where ${inReach(sql, of)} and ${inView(sql, view, of.agentId)} limit ${MOST_COUNTED}
    ) found)`
  const [counts] = await sql<Record<ConversationView, number>[]>`
    select ${count('all')} as all, ${count('mine')} as mine, ${count('unassigned')} as unassigned,
           ${count('unread')} as unread, ${bounded('snoozed')} as snoozed, ${bounded('resolved')} as resolved,
           (select count(distinct n.conversation_id)::int from mentions n join conversations c on c.id = n.conversation_id
            where n.agent_id = ${of.agentId} and n.read_at is null and ${inReach(sql, of)}) as mentions
    from conversations c
    where ${inReach(sql, of)} and c.status = 'open'`
  return counts ?? NONE
}

const NONE = { all: 0, mine: 0, unassigned: 0, unread: 0, mentions: 0, snoozed: 0, resolved: 0 }
