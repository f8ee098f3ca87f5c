/** How far the server counts. */
const MOST_COUNTED = 10_000

/** What removing a label does. `conversations` null: not counted yet, or it could not be. */
export function removalInWords(conversations: number | null): string {
  if (conversations === null) return 'Conversations that have it will show it no more.'
  if (conversations === 0) return 'No conversation has it.'
  if (conversations === 1) return '1 conversation has it and will show it no more.'
  if (conversations >= MOST_COUNTED) return 'More than 10,000 conversations have it and will show it no more.'
  return `${conversations} conversations have it and will show it no more.`
}
