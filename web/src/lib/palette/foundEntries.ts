import type { ConversationSnapshot } from '../../../../server/inbox/snapshot.ts'
import { contactName } from '../inbox/contactName.ts'
import { phoneInWords } from '../inbox/phoneInWords.ts'
import type { Session } from '../inbox/session.svelte.ts'
import { listTime } from '../inbox/time.ts'
import { hitHref } from '../search/hitHref.ts'
import type { SearchAnswer } from '../search/search.svelte.ts'
import { addressOf } from '../search/sought.ts'
import type { Entry } from './entry.ts'

const KNOWN_AT_ONCE = 5
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase()

/** Conversations that this tab holds already, by the name of the customer: they are there before the server has answered. */
export function knownEntries({ inbox, surface }: Session, text: string): Entry[] {
  const begins = (name: string) =>
    plain(name)
      .split(' ')
      .some((_, index, words) => words.slice(index).join(' ').startsWith(plain(text)))
  return inbox.rows
    .filter(({ contact }) => begins(contactName(contact)))
    .slice(0, KNOWN_AT_ONCE)
    .map((conversation) => conversationEntry(conversation, surface.go))
}

/** What the server found, and the way to all of it. */
export function foundEntries(
  { surface, clock }: Session,
  answer: SearchAnswer | null,
  text: string,
  known: readonly Entry[],
): Entry[] {
  if (text === '') return []
  const isKnown = (id: string) => known.some((entry) => entry.id === id)
  const people = (answer?.conversations ?? [])
    .map((conversation) => conversationEntry(conversation, surface.go))
    .filter(({ id }) => !isKnown(id))
  const messages = (answer?.messages ?? []).map(({ message, conversation, excerpt }) => ({
    id: `message:${message.id}`,
    words: excerpt.text,
    detail: `${contactName(conversation.contact)} · ${listTime(message.sentAt, clock.now)}`,
    group: 'Messages and notes',
    isFound: true,
    run: () => surface.go(hitHref(message)),
  }))
  const all: Entry = {
    id: 'search-all',
    words: `Search for “${text}”`,
    group: 'Messages and notes',
    isFound: true,
    run: () => surface.go(addressOf({ text, among: 'all', conversationId: null })),
  }
  return [...people, ...messages, all]
}

function conversationEntry({ id, contact }: ConversationSnapshot, go: (path: string) => unknown): Entry {
  const name = contactName(contact)
  const phone = contact.phone === null ? undefined : phoneInWords(contact.phone)
  return {
    id: `conversation:${id}`,
    words: name,
    group: 'Conversations',
    detail: phone === name ? undefined : phone,
    person: { id: contact.id, name },
    isFound: true,
    run: () => void go(`/c/${id}`),
  }
}
