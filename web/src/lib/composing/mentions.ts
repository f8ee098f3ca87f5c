import type { AgentName } from '../../../../server/inbox/snapshot.ts'

/** A piece of a note: words, or the name of somebody who is called by it. */
export type NotePiece = { text: string; isMention: boolean }

type Found = { start: number; end: number; agents: AgentName[] }

const isWordAt = (text: string, index: number) => /[\p{L}\p{N}_]/u.test(text.charAt(index))
const folded = (text: string) => text.toLocaleLowerCase()

/** Who is called in a text by an `@` and their whole name, each once. Two of the same name are both meant. */
export function mentionsIn(text: string, agents: readonly AgentName[]): AgentName[] {
  const all = found(text, agents).flatMap((one) => one.agents)
  return [...new Map(all.map(({ id, name }) => [id, { id, name }])).values()]
}

/** The text in pieces, so that names can be shown as such. */
export function notePieces(text: string, agents: readonly AgentName[]): NotePiece[] {
  const pieces: NotePiece[] = []
  let from = 0
  for (const { start, end } of found(text, agents)) {
    if (start > from) pieces.push({ text: text.slice(from, start), isMention: false })
    pieces.push({ text: text.slice(start, end), isMention: true })
    from = end
  }
  if (from < text.length) pieces.push({ text: text.slice(from), isMention: false })
  return pieces
}

/** Whom one may mean who has typed this much behind the `@`: names that begin so first, then those with a word that does. */
export function peopleLike<Person extends AgentName>(query: string, people: readonly Person[]): Person[] {
  const wanted = folded(query)
  const begins = people.filter(({ name }) => folded(name).startsWith(wanted))
  const within = people.filter(
    (person) =>
      !begins.includes(person) &&
      folded(person.name)
        .split(/\s+/)
        .some((word) => word.startsWith(wanted)),
  )
  return [...begins, ...within]
}

/** The longest name counts: `@Ana Maria` calls her and not Ana. */
function found(text: string, agents: readonly AgentName[]): Found[] {
  const byLength = [...agents].sort((a, b) => b.name.length - a.name.length)
  const all: Found[] = []
  for (let start = text.indexOf('@'); start !== -1; start = text.indexOf('@', start + 1)) {
    if (isWordAt(text, start - 1)) continue
    const named = byLength.find(({ name }) => isNamedAt(text, start + 1, name))
    if (!named) continue
    const same = agents.filter(({ name }) => folded(name) === folded(named.name))
    all.push({ start, end: start + 1 + named.name.length, agents: same })
  }
  return all
}

const isNamedAt = (text: string, at: number, name: string) =>
  name !== '' &&
  folded(text.slice(at, at + name.length)) === folded(name) &&
  !isWordAt(text, at + name.length)
