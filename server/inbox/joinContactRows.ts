import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'

type Ids = { intoContactId: string; contactId: string }

type Knowledge = { id: string; attributes: Record<string, string> }

/**
 * Moves all that hangs on a contact to another one, with what the other one lacks, and removes its row. Both are locked FOR UPDATE,
 * and conversations on one channel are joined already.
 */
export async function joinContactRows(tx: Transaction, ids: Ids): Promise<void> {
  const { intoContactId: into, contactId: from } = ids
  await answersGoTo(tx, ids)
  await tx`update conversations set contact_id = ${into} where contact_id = ${from}`
  await tx`update contact_identities set contact_id = ${into} where contact_id = ${from}`
  await tx`update messages set author_contact_id = ${into} where author_contact_id = ${from}`
  await moveReactions(tx, ids)
  await tx`
    update contacts c
    set given_name = coalesce(c.given_name, o.given_name), username = coalesce(c.username, o.username),
        name = coalesce(c.name, o.name), profile_at = case when c.name is null then o.profile_at else c.profile_at end,
        attributes = ${JSON.stringify(await joinedAttributes(tx, ids))}::text::json,
        -- Whoever said no under either number has said no.
        opted_out_at = coalesce(c.opted_out_at, o.opted_out_at),
        opt_out_source = case when c.opted_out_at is null then o.opt_out_source else c.opt_out_source end,
        marketing_said_at = greatest(c.marketing_said_at, o.marketing_said_at),
        created_at = least(c.created_at, o.created_at)
    from contacts o where c.id = ${into} and o.id = ${from}`
  await tx`delete from contacts where id = ${from}`
}

/** The number from which a message came last: WhatsApp's 24 hours are those of a number. */
async function answersGoTo(tx: Transaction, { intoContactId, contactId }: Ids): Promise<void> {
  await tx`
    with numbers as (
      select p.id, p.phone, coalesce(greatest(p.phone_said_at, p.profile_at), p.created_at) as said_at
      from contacts p where p.id in (${intoContactId}, ${contactId}) and p.phone is not null
    ), newest as (
      select phone, said_at, (select count(distinct phone) from numbers) > 1 as has_several
      from numbers order by said_at desc, phone desc limit 1
    )
    update contacts c
    set phone = newest.phone, phone_said_at = case when newest.has_several then newest.said_at else c.phone_said_at end
    from newest where c.id = ${intoContactId}`
}

/** Of one name with two values both are kept, the second under a name of its own. */
async function joinedAttributes(
  tx: Transaction,
  { intoContactId, contactId }: Ids,
): Promise<Record<string, string>> {
  const rows = await tx<Knowledge[]>`
    select id, attributes from contacts where id in (${intoContactId}, ${contactId})`
  const of = (id: string) => rows.find((row) => row.id === id)?.attributes ?? {}
  const joined = { ...of(intoContactId) }
  for (const [name, value] of Object.entries(of(contactId))) {
    if (joined[name] === value) continue
    let free = name
    for (let number = 2; free in joined; number += 1) free = `${name} (${number})`
    joined[free] = value
  }
  return joined
}

/** A person has one reaction to a message: the newest, should both have reacted to one in a group. */
async function moveReactions(tx: Transaction, { intoContactId, contactId }: Ids): Promise<void> {
  const [from, into] = [`contact:${contactId}`, `contact:${intoContactId}`]
  // By the reactions that they sent, which are messages: the table has no index by who reacted.
  const targets = await tx<{ channelId: string; targetWamid: string }[]>`
    select m.channel_id, m.target_wamid from conversations c join messages m on m.conversation_id = c.id
    where c.contact_id = ${intoContactId} and ${isReaction(tx)}
    union
    select m.channel_id, m.target_wamid from messages m
    where m.author_contact_id = ${intoContactId} and ${isReaction(tx)}`
  if (targets.length === 0) return
  const rows = () => unnest(tx, [...targets], { channelId: 'uuid', targetWamid: 'text' })
  await tx`
    delete from message_reactions mr using ${rows()}
    where mr.channel_id = r."channelId" and mr.target_wamid = r."targetWamid" and mr.actor in (${from}, ${into})
      and exists (
        select 1 from message_reactions other
        where other.channel_id = mr.channel_id and other.target_wamid = mr.target_wamid
          and other.actor in (${from}, ${into}) and other.position > mr.position
      )`
  await tx`
    update message_reactions mr set actor = ${into} from ${rows()}
    where mr.channel_id = r."channelId" and mr.target_wamid = r."targetWamid" and mr.actor = ${from}`
}

const isReaction = (tx: Transaction) =>
  tx`m.type = 'reaction' and m.direction = 'in' and m.target_wamid is not null`
