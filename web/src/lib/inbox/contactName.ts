import type { ContactSnapshot } from '../../../../server/inbox/snapshot.ts'
import { phoneInWords } from './phoneInWords.ts'

/** What to call a contact: the profile name, else the number, else the username. */
export function contactName(contact: ContactSnapshot): string {
  if (contact.name?.trim()) return contact.name.trim()
  if (contact.phone) return phoneInWords(contact.phone)
  if (contact.username) return `@${contact.username.replace(/^@/, '')}`
  return contact.kind === 'group' ? 'Group' : 'Unknown contact'
}

const COLOURS = 7

/** Which of the avatar colours is theirs; the same on every screen and every day. */
export function avatarColour(id: string): number {
  let hash = 2166136261
  for (const letter of id) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619)
  return ((hash >>> 0) % COLOURS) + 1
}

/** Two letters: of the first and the last name, of a number its last two digits. */
export function initials(name: string): string {
  const letters = [...name.matchAll(/(?<![\p{L}\p{M}])\p{L}/gu)].map(([letter]) => letter)
  if (name.startsWith('@')) return name.slice(0, 2)
  if (letters.length === 0) return name.replace(/\D/g, '').slice(-2) || '?'
  const [first = '', last = ''] =
    letters.length === 1 ? [...name.trim()].slice(0, 2) : [letters[0], letters.at(-1)]
  return (first + last).toUpperCase()
}
