import type { Transaction } from '../../db/client.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { belongsTo, type LetterBox } from './readDeadLetters.ts'
import { Refusal } from './refusal.ts'
import { storeDeliveries } from './storeDeliveries.ts'

export type Replay =
  | { outcome: 'stored'; workspaceIds: string[] }
  /** It still can not be stored, for the same reason or for another. */
  | { outcome: 'still_dead'; reason: string; detail: string | null }

/**
 * Tries once more to store a dead letter, exactly as if its delivery came now: same stream id, so it stands where it would
 * have stood. Idempotent; the letter is resolved in the very transaction that stores its item.
 *
 * @throws Refusal NOT_FOUND, and whatever the database throws when it does not take the item
 */
export async function replayDeadLetter(
  tx: Transaction,
  letterId: string,
  box: LetterBox,
  agentId: string | null,
  now: Date,
): Promise<Replay> {
  const [letter] = await tx<{ streamId: string; path: string; raw: string; rawBytes: Uint8Array | null }[]>`
    select l.stream_id, l.path, l.raw, l.raw_bytes from dead_letters l
    where l.id = ${letterId} and l.resolved_at is null and ${belongsTo(tx, box)}
    for update`
  if (!letter)
    throw new Refusal('NOT_FOUND', 'There is no such dead letter, or somebody resolved it already.')
  const { streamId, path } = letter
  const body = letter.rawBytes ?? new TextEncoder().encode(letter.raw)
  const receivedAt = new Date(Number(streamId.split('-')[0]))
  const items = readDelivery(body, receivedAt)
    .filter((item) => path === '' || item.path === path)
    .map((item) => ({ ...item, streamId, receivedAt, body }))
  const [first] = items
  if (first === undefined) {
    // It is read in another way than when it was kept. Storing nothing must not pass for storing it.
    return {
      outcome: 'still_dead',
      reason: 'not_found_again',
      detail: `Nothing stands at ${path} of the delivery now.`,
    }
  }
  if (first.kind === 'malformed') return { outcome: 'still_dead', reason: first.reason, detail: first.detail }
  const { events, buried } = await storeDeliveries(tx, items, now)
  if (buried > 0)
    return { outcome: 'still_dead', reason: 'unknown_channel', detail: 'No channel has this number yet.' }
  await tx`
    update dead_letters set resolved_at = ${now.toISOString()}, resolution = 'replayed', resolved_by = ${agentId}
    where id = ${letterId}`
  commitWithEvents(tx, events)
  return { outcome: 'stored', workspaceIds: [...new Set(events.map((event) => event.workspaceId))] }
}

/** Sets a letter aside for good, with the reason in the words of whoever does. @throws Refusal NOT_FOUND */
export async function discardDeadLetter(
  tx: Transaction,
  letterId: string,
  box: LetterBox,
  by: { agentId: string; note: string },
  now: Date,
): Promise<void> {
  const discarded = await tx`
    update dead_letters l
    set resolved_at = ${now.toISOString()}, resolution = 'discarded', resolution_note = ${by.note}, resolved_by = ${by.agentId}
    where l.id = ${letterId} and l.resolved_at is null and ${belongsTo(tx, box)}`
  if (discarded.count === 0)
    throw new Refusal('NOT_FOUND', 'There is no such dead letter, or somebody resolved it already.')
}
