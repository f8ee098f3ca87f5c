import type { CannedReply } from '../../../../server/inbox/cannedReplies.ts'
import type { AgentName } from '../../../../server/inbox/snapshot.ts'
import { type Emoji, emojiLike } from '../emoji/emoji.ts'
import type { EmojiBook } from '../emoji/emojiBook.svelte.ts'
import type { EmojiChoice } from '../emoji/emojiChoice.svelte.ts'
import type { CannedReplies } from './cannedReplies.svelte.ts'
import { cannedLike } from './cannedSearch.ts'
import { firstGap } from './gaps.ts'
import { peopleLike } from './mentions.ts'
import type { Source, Suggestion } from './suggesting.svelte.ts'
import type { Trigger } from './triggers.ts'

export type CannedRow = Suggestion & { reply: CannedReply }
export type PersonRow = Suggestion & { person: AgentName }
export type EmojiRow = Suggestion & { emoji: Emoji; shown: string }
export type AnyRow = CannedRow | PersonRow | EmojiRow

/** What is done in the text field when a row is chosen. */
type Field = {
  replace(start: number, end: number, words: string): void
  select(start: number, end: number): void
}

const MOST_ROWS = 8

/** Behind a `/`. What the reply lacks is selected, so that the next key writes it. */
export function cannedSource(
  {
    conversationId,
    canned,
    failed,
  }: { conversationId: string; canned: CannedReplies; failed(words: string): void },
  field: Field,
): Source<CannedRow> {
  const choose = async (reply: CannedReply, { start, end }: Trigger) => {
    const filled = await canned.fill(reply, conversationId)
    if ('trouble' in filled) return failed(filled.trouble)
    field.replace(start, end, filled.text)
    const gap = firstGap(filled.text)
    if (gap) field.select(start + gap.start, start + gap.end)
  }
  return {
    kind: 'canned',
    words: 'Canned replies',
    want: () => canned.want(),
    find: (query) =>
      cannedLike(query, canned.replies ?? [])
        .slice(0, MOST_ROWS)
        .map((reply) => ({ id: reply.id, reply, choose: (trigger) => void choose(reply, trigger) })),
    empty: (query) => {
      if (canned.trouble) return canned.trouble.message
      if (canned.replies === null) return 'Loading the canned replies…'
      if (canned.replies.length === 0)
        return 'There are no canned replies yet. Add the first one in the settings.'
      return query === '' ? null : `No canned reply begins with “${query}”.`
    },
  }
}

/** Behind an `@`: who can see the conversation. */
export function mentionSource(people: () => readonly AgentName[], field: Field): Source<PersonRow> {
  return {
    kind: 'mention',
    words: 'Colleagues',
    find: (query) =>
      peopleLike(query, people())
        .slice(0, MOST_ROWS)
        .map((person) => ({
          id: person.id,
          person,
          choose: ({ start, end }) => field.replace(start, end, `@${person.name} `),
        })),
  }
}

/** Behind a `:` and two letters. */
export function emojiSource(
  { book, choice }: { book: EmojiBook; choice: EmojiChoice },
  field: Field,
): Source<EmojiRow> {
  return {
    kind: 'emoji',
    words: 'Emoji',
    want: () => void book.want(),
    find: (query) =>
      emojiLike(query, book.all, MOST_ROWS).map((emoji) => {
        const shown = choice.shown(emoji)
        return {
          id: emoji.shortcode,
          emoji,
          shown,
          choose: ({ start, end }) => {
            field.replace(start, end, shown)
            choice.took(shown)
          },
        }
      }),
  }
}
