import { keptIn } from '../inbox/kept.ts'

const MOST_KEPT = 20
const isIds = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((id) => typeof id === 'string')

/** Acts by when they were used last, newest first: `id` was used now. */
export function usedNow(recent: readonly string[], id: string): string[] {
  return [id, ...recent.filter((one) => one !== id)].slice(0, MOST_KEPT)
}

/** Which acts were used, kept on this device. Only acts: neither customers nor what was searched for. */
export const keptRecent = () => keptIn(localStorage, 'baton:recent-acts', isIds)
