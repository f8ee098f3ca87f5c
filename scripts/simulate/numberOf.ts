import type { JournalEntry } from './entry.ts'
import type { World } from './world.ts'

/** The customer whom an entry is about, if it is about one. */
export function numberOf(entry: JournalEntry, world: World): string | undefined {
  if ('number' in entry) return entry.number
  if ('wamid' in entry) return world.messages.get(entry.wamid)?.number
  const key = entry.kind === 'webhook' ? entry.keys[0] : undefined
  // A status update's key is the message id, a colon and the status; ids have no colon.
  return key === undefined ? undefined : world.messages.get(key.split(':')[0] ?? '')?.number
}

/** What a webhook update must stay in order for: the customer, or the account. Undefined for what Meta tells nobody. */
export function laneOf(entry: JournalEntry, world: World): string | undefined {
  if (entry.kind === 'template') return 'account'
  const isTold = entry.kind === 'inbound' || entry.kind === 'status' || entry.kind === 'preference'
  return isTold ? numberOf(entry, world) : undefined
}
