const KEY = 'baton:tab'
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * The id of this tab, which a reload keeps: a lock that it holds outlives the reload. A duplicated tab begins with a copy of
 * the id; the server lets tabs of one agent share a lock, so it costs that one of them may give it up for both.
 */
export function tabIdOf(storage: Storage): string {
  const kept = storage.getItem(KEY)
  if (kept !== null && UUID.test(kept)) return kept
  const made = crypto.randomUUID()
  storage.setItem(KEY, made)
  return made
}
