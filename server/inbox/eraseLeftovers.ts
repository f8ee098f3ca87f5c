import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import { type ErasedKey, newsKey, wamidKey } from './erasedIds.ts'
import { belongsTo, letterBoxOf } from './readDeadLetters.ts'
import type { Signs } from './signsOf.ts'
import { withoutPerson } from './withoutPerson.ts'

export type Leftovers = { deadLetters: number; news: number; keys: ErasedKey[] }

/**
 * What is kept of a person outside of any conversation: deliveries that could not be stored, news of a channel that names them, and
 * statuses that wait for a message. They are found by their {@link signsOf}.
 */
export async function eraseLeftovers(tx: Transaction, workspaceId: string, signs: Signs): Promise<Leftovers> {
  if (signs.patterns.length === 0) return { deadLetters: 0, news: 0, keys: [] }
  const about = (rows: readonly { id: string; text: string }[]) =>
    rows.flatMap(({ id, text }) => (signs.isAbout(text) ? [id] : []))
  const waiting = await tx<{ id: string; text: string }[]>`
    select s.id, s.text from (
      select id, concat_ws(' ', wamid, participant, errors, details) as text from message_statuses
      where message_id is null and workspace_id = ${workspaceId}
    ) s where s.text like any(${signs.patterns}::text[])`
  const statuses = await tx<{ channelId: string; wamid: string }[]>`
    delete from message_statuses where id = any(${about(waiting)}::uuid[]) returning channel_id, wamid`
  const told = await tx<{ id: string; text: string }[]>`
    select e.id, e.value::text as text from channel_events e
    where e.workspace_id = ${workspaceId} and e.value::text like any(${signs.patterns}::text[])`
  const news = await tx<{ digest: string }[]>`
    delete from channel_events where id = any(${about(told)}::uuid[]) returning digest`
  const keys = [
    ...news.map((one) => newsKey(one.digest)),
    ...statuses.map((one) => wamidKey(one.channelId, one.wamid)),
  ]
  const deadLetters = await eraseLetters(tx, workspaceId, signs)
  return { deadLetters, news: news.length, keys }
}

type LetterRow = { id: string; path: string; own: string; raw: string; isText: boolean }

/** A letter about the person goes; of one that only came in the same delivery, the person goes, and it can still be replayed. */
async function eraseLetters(
  tx: Transaction,
  workspaceId: string,
  { patterns, isAbout }: Signs,
): Promise<number> {
  const box = await letterBoxOf(tx, workspaceId)
  const found = await tx<LetterRow[]>`
    select l.id, l.path, concat_ws(' ', l.item, l.detail, l.resolution_note) as own, l.raw, l.raw_bytes is null as is_text
    from dead_letters l
    where ${belongsTo(tx, box)}
      and concat_ws(' ', l.raw, l.item, l.detail, l.resolution_note) like any(${patterns}::text[])
    for update`
  const letters = found.filter(({ raw, own }) => isAbout(raw) || isAbout(own))
  const kept = letters.flatMap(({ id, path, own, raw, isText }) => {
    const rest = isText && path !== '' && !isAbout(own) ? withoutPerson(raw, path, isAbout) : null
    return rest === null ? [] : [{ id, raw: rest }]
  })
  const keptIds = kept.map((letter) => letter.id)
  const goneIds = letters.map((letter) => letter.id).filter((id) => !keptIds.includes(id))
  await tx`delete from dead_letters where id = any(${goneIds}::uuid[])`
  if (kept.length > 0)
    await tx`
      update dead_letters l set raw = r.raw from ${unnest(tx, kept, { id: 'uuid', raw: 'text' })} where l.id = r.id`
  return goneIds.length
}
