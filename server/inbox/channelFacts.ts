import type { Queryable } from '../../db/client.ts'

/** What the database knows of how a channel is. */
export type ChannelFacts = {
  phoneNumberId: string
  businessAccountId: string
  /** When WhatsApp last told something about it. Null: nothing that is still remembered. */
  lastHeardAt: Date | null
  /** Messages that wait to be sent. */
  queued: number
  /** How many templates its account has, by Meta's word for their state. */
  templates: Record<string, number>
  teamIds: string[]
}

/** Events that somebody's webhook wrote are looked for among this many of the newest. */
const EVENTS_LOOKED_AT = 20_000

/** Null: there is no such channel, or it was removed. Whoever calls has asked the policy. */
export async function channelFacts(sql: Queryable, channelId: string): Promise<ChannelFacts | null> {
  const [row] = await sql<ChannelFacts[]>`
    select c.phone_number_id, c.business_account_id,
      greatest(
        (select max(last_inbound_at) from conversations where channel_id = c.id),
        (select max(created_at) from (
          select created_at, channel_id, author_id, type, payload from events
          where workspace_id = c.workspace_id order by seq desc limit ${EVENTS_LOOKED_AT}
        ) e where e.channel_id = c.id and (
          (e.type = 'message.added' and e.author_id is null)
          or (e.type = 'message.status' and e.payload ->> 'status' in ('delivered', 'read', 'played'))))
      ) as last_heard_at,
      (select count(*)::int from outbox o where o.channel_id = c.id and o.state = 'queued') as queued,
      coalesce((select json_object_agg(t.status, t.number) from (
        select status, count(*)::int as number from templates
        where workspace_id = c.workspace_id and business_account_id = c.business_account_id and deleted_at is null
        group by status
      ) t), '{}') as templates,
      array(select team_id from channel_teams where channel_id = c.id) as team_ids
    from channels c where c.id = ${channelId} and c.archived_at is null`
  return row ?? null
}
