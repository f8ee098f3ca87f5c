import type { Member } from './members.svelte.ts'

export const namesOf = (members: readonly Member[]): string =>
  new Intl.ListFormat('en', { type: 'conjunction' }).format(members.map((member) => member.name))

/** What happens to whoever is deactivated, before it does. */
export function deactivatingInWords(members: readonly Member[]): string {
  const open = members.reduce((sum, member) => sum + member.openConversations, 0)
  const [only] = members.length === 1 ? members : []
  if (only && open === 0)
    return `${only.name} is signed out everywhere at once and cannot sign in until you activate them again.`
  if (only && open === 1)
    return `${only.name} is signed out everywhere at once and cannot sign in until you activate them again. 1 open conversation of theirs goes back to the queue.`
  if (only)
    return `${only.name} is signed out everywhere at once and cannot sign in until you activate them again. ${open} open conversations of theirs go back to the queue.`
  return `${members.length} people are signed out everywhere at once and cannot sign in until you activate them again. ${open} open conversations of theirs go back to the queue.`
}

/** What happens to whoever is removed, before it does. */
export function removingInWords({ name, openConversations: open }: Member): string {
  const ends = `${name} is signed out everywhere at once, and API keys that act as them end. What they wrote keeps their name.`
  if (open === 0) return ends
  if (open === 1) return `${ends} 1 open conversation of theirs goes back to the queue.`
  return `${ends} ${open} open conversations of theirs go back to the queue.`
}
