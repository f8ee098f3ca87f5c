import type { ContactSnapshot } from '../../../../server/inbox/snapshot.ts'

/** What to call a contact: the profile name, else the number, else the username. */
export function contactName(contact: ContactSnapshot): string {
  if (contact.name?.trim()) return contact.name.trim()
  if (contact.phone) return phoneInWords(contact.phone)
  if (contact.username) return `@${contact.username.replace(/^@/, '')}`
  return contact.kind === 'group' ? 'Group' : 'Unknown contact'
}

/** `+1 650 555 1234`: groups that can be read out; the length of a country code is not known here, so a rough guess. */
export function phoneInWords(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  if (digits.length < 8) return phone
  const country = /^(1|7)/.test(digits)
    ? 1
    : /^(2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/.test(digits)
      ? 2
      : 3
  const groups = [digits.slice(0, country)]
  let rest = digits.slice(country)
  for (; rest.length > 5; rest = rest.slice(3)) groups.push(rest.slice(0, 3))
  return `+${[...groups, rest].join(' ')}`
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
