import type { Sql } from '../../../db/client.ts'
import type { FeedItem, InboxEvent } from '../../../server/inbox/event.ts'
import { readEvent, type StoredEvent } from '../../../server/inbox/storedEvent.ts'

export type NumberedEvent = { seq: number; event: InboxEvent }

/** The events above `cursor` that an agent may see, asked of the tables directly and not of the product's own policy. */
export async function eventsSeenBy(sql: Sql, email: string, cursor: string): Promise<NumberedEvent[]> {
  const rows = await sql<{ seq: string; payload: StoredEvent }[]>`
    select events.seq::text as seq, events.payload
    from agents
    join memberships on memberships.agent_id = agents.id
    join events on events.workspace_id = memberships.workspace_id
    where agents.email = ${email} and events.seq > ${cursor}::bigint
      and (events.channel_id is null or memberships.role = 'administrator' or exists (
        select from channel_teams
        join team_members using (team_id)
        where channel_teams.channel_id = events.channel_id and team_members.agent_id = agents.id))
    order by events.seq`
  return rows.map(({ seq, payload }) => ({ seq: Number(seq), event: readEvent(payload) }))
}

/** What is wrong with the log of a subscriber, compared with the events of the database that it may see; empty when they are equal. */
export function flawsOf(items: readonly FeedItem[], events: readonly NumberedEvent[]): string[] {
  const told = items.flatMap((item) =>
    item.type === 'event' ? [{ seq: Number(item.seq), event: item.event }] : [],
  )
  const byTold = new Map(told.map((one) => [one.seq, one.event]))
  const stored = new Set(events.map((one) => one.seq))
  const flaws: string[] = []
  const list = (what: string, seqs: number[]) => seqs.length > 0 && flaws.push(`${what} ${seqs.join(', ')}`)
  list(
    'missed',
    events.map((one) => one.seq).filter((seq) => !byTold.has(seq)),
  )
  list(
    'was told what it may not see or what does not exist:',
    [...byTold.keys()].filter((seq) => !stored.has(seq)),
  )
  list(
    'was told twice',
    told.map((one) => one.seq).filter((seq, at, all) => all.indexOf(seq) !== at),
  )
  list(
    'was told out of order',
    told.filter((one, at) => one.seq < (told[at - 1]?.seq ?? 0)).map((one) => one.seq),
  )
  const isOther = ({ seq, event }: NumberedEvent) =>
    byTold.has(seq) && !Bun.deepEquals(byTold.get(seq), event)
  list(
    'was told something else than',
    events.filter(isOther).map((one) => one.seq),
  )
  if (items.some((item) => item.type === 'resync')) flaws.push('was told to load again')
  return flaws
}
