import type { Transaction } from '../../db/client.ts'
import { enqueueJobs } from '../../db/enqueueJobs.ts'
import { unnest } from '../../db/unnest.ts'

/** A conversation that becomes part of another one of the same channel. */
export type JoinedPair = { from: string; into: string }

/** What two messages of one moment are moved apart by, in the last five digits: more than a delivery has items. */
const APART = 20_000

/**
 * Makes conversations part of others: whatever hangs on the one hangs on the other afterwards, and the row of the first is gone.
 * Messages keep their places, so the two threads interleave as they were written. All rows, and those that hang on
 * them, are locked FOR UPDATE by the caller: nothing can be added to what is about to go.
 *
 * Answers with how many messages came to each.
 */
export async function joinConversations(
  tx: Transaction,
  pairs: readonly JoinedPair[],
): Promise<Map<string, number>> {
  if (pairs.length === 0) return new Map()
  const moved = await moveMessages(tx, pairs)
  await moveDrafts(tx, pairs)
  for (const table of ['media', 'mentions', 'scheduled_messages'])
    await tx`
      update ${tx(table)} t set conversation_id = r.into from ${rowsOf(tx, pairs)} where t.conversation_id = r.from`
  // So that the send guard of the other conversation sees what was answered here.
  await tx`
    update events e set conversation_id = r.into from ${rowsOf(tx, pairs)}
    where e.conversation_id = r.from and e.author_id is not null`
  await joinRows(tx, pairs)
  await tx`
    update joined_conversations j set conversation_id = r.into from ${rowsOf(tx, pairs)} where j.conversation_id = r.from`
  await tx`
    insert into joined_conversations (id, workspace_id, conversation_id)
    select r.from, c.workspace_id, c.id from ${rowsOf(tx, pairs)} join conversations c on c.id = r.into`
  await tx`delete from conversations c using ${rowsOf(tx, pairs)} where c.id = r.from`
  return moved
}

const rowsOf = (tx: Transaction, pairs: readonly JoinedPair[]) =>
  unnest(tx, [...pairs], { from: 'uuid', into: 'uuid' })

/** What was sent in both in one and the same millisecond would stand in one place, which pages could not tell apart. */
async function moveMessages(tx: Transaction, pairs: readonly JoinedPair[]): Promise<Map<string, number>> {
  const rows = await tx<{ into: string; messages: number }[]>`
    with moved as (
      update messages m
      set conversation_id = r.into,
          position = case when exists (
              select 1 from messages other where other.conversation_id = r.into and other.position = m.position
            ) then left(m.position, -5) || lpad((right(m.position, 5)::int + ${APART})::text, 5, '0')
            else m.position end
      from ${rowsOf(tx, pairs)}
      where m.conversation_id = r.from
      returning r.into
    )
    select "into", count(*)::int as messages from moved group by "into"`
  await tx`
    update outbox o set conversation_id = m.conversation_id, position = m.position
    from ${rowsOf(tx, pairs)} join messages m on m.conversation_id = r.into
    where o.message_id = m.id and o.conversation_id = r.from`
  return new Map(rows.map((row) => [row.into, row.messages]))
}

/** Who was writing in both finds both texts in one draft. */
async function moveDrafts(tx: Transaction, pairs: readonly JoinedPair[]): Promise<void> {
  await tx`
    update drafts d
    set body = case when d.body = '' then o.body when o.body = '' then d.body else d.body || E'\n\n' || o.body end,
        quoted_message_id = coalesce(d.quoted_message_id, o.quoted_message_id),
        version = greatest(d.version, o.version) + 1, updated_at = greatest(d.updated_at, o.updated_at)
    from ${rowsOf(tx, pairs)} join drafts o on o.conversation_id = r.from
    where d.conversation_id = r.into and d.agent_id = o.agent_id and d.is_note = o.is_note`
  await tx`
    update drafts d set conversation_id = r.into from ${rowsOf(tx, pairs)}
    where d.conversation_id = r.from and not exists (
      select 1 from drafts held
      where held.conversation_id = r.into and held.agent_id = d.agent_id and held.is_note = d.is_note
    )`
}

/**
 * The work of the one that stays, and of the other what it lacks. Open if either is: nothing that waits for somebody is put away by
 * this. Of two snoozes its own holds; one that it takes over gets its job.
 */
async function joinRows(tx: Transaction, pairs: readonly JoinedPair[]): Promise<void> {
  const woken = await tx<{ conversationId: string; until: Date }[]>`
    update conversations c
    set status = case when 'open' in (c.status, o.status) then 'open'
          when 'snoozed' in (c.status, o.status) then 'snoozed' else 'resolved' end,
        snoozed_until = case when 'open' in (c.status, o.status) then null
          when c.status = 'snoozed' then c.snoozed_until else o.snoozed_until end,
        assignee_id = coalesce(c.assignee_id, o.assignee_id),
        team_id = coalesce(c.team_id, o.team_id),
        label_ids = c.label_ids || array(select id from unnest(o.label_ids) as id where id <> all(c.label_ids)),
        unread_count = c.unread_count + o.unread_count,
        last_message_id = case when o.last_position > c.last_position then o.last_message_id else c.last_message_id end,
        last_position = greatest(c.last_position, coalesce(
          (select m.position from messages m where m.id = o.last_message_id), o.last_position)),
        last_inbound_at = greatest(c.last_inbound_at, o.last_inbound_at),
        -- What nobody has seen of either is still to be seen.
        read_at = least(coalesce(c.read_at, c.created_at), coalesce(o.read_at, o.created_at)),
        free_entry_ends_at = greatest(c.free_entry_ends_at, o.free_entry_ends_at),
        created_at = least(c.created_at, o.created_at),
        version = greatest(c.version, o.version) + 1
    from ${rowsOf(tx, pairs)} join conversations o on o.id = r.from
    join conversations before on before.id = r.into
    where c.id = r.into
    returning c.id as conversation_id, case when before.status = 'resolved' then c.snoozed_until end as until`
  const jobs = woken.flatMap(({ conversationId, until }) =>
    until === null ? [] : [{ conversationId, until: until.toISOString() }],
  )
  await enqueueJobs(tx, 'conversation.wake', jobs, ({ until }) => new Date(until))
}
