import type { Session } from '../inbox/session.svelte.ts'

/** The conversations that acts are about: the selected ones, else the open one, else none. */
export function actedOn({ inbox }: Pick<Session, 'inbox'>): readonly string[] {
  const { selection } = inbox.list
  if (selection.size > 0) return selection.ids
  return inbox.openId === null ? [] : [inbox.openId]
}
