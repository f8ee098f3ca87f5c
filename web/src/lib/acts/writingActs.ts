import type { Act } from './act.ts'
import { opening } from './opening.ts'

const COMPOSER = '[data-composer]'
/** Leads out of a private note as well. */
const REPLY = '[data-act=reply]'
/** Of the message under the pointer, or of the one that has the focus. */
const POINTED = '[data-message]:is(:hover, :focus-within) [data-act=quote]'

/** What begins with the composer. */
export const writingActs = (): readonly Act[] => {
  const group = 'Writing'
  return [
    {
      id: 'reply',
      words: 'Reply; to the message under the pointer, if there is one',
      also: 'answer write',
      group,
      key: 'r',
      when: ({ surface }) => surface.isThere(COMPOSER),
      run: ({ surface }) => surface.press([POINTED, REPLY].find((one) => surface.isThere(one)) ?? COMPOSER),
    },
    pressing('note', 'Write a private note', { key: 'n', also: 'internal mention' }),
    pressing('template', 'Send a template', { key: 't' }),
    {
      id: 'canned',
      words: 'Put in a canned reply…',
      also: 'saved answer snippet',
      group,
      when: ({ surface }) => surface.isThere(COMPOSER),
      ...opening('canned'),
    },
    {
      id: 'take-over',
      words: 'Take the baton over from a colleague',
      also: 'lock',
      group,
      key: 'b',
      when: ({ surface }) => surface.isThere('[data-take-over]'),
      run: ({ surface }) => surface.press('[data-take-over]'),
    },
    pressing('attach', 'Attach a file', { also: 'picture photo document upload' }),
    pressing('emoji', 'Put in an emoji', {}),
    pressing('schedule', 'Send later…', { also: 'schedule' }),
    pressing('latest', 'Jump to the latest message', { also: 'bottom newest' }),
    pressing('date', 'Jump to a date…', {}),
    pressing('contact', 'Show or hide the contact', { also: 'panel customer' }),
    pressing('start', 'Start a conversation…', { also: 'new message' }),
  ]
}

/** An act that presses a button of the page, and is not there without it. */
function pressing(name: string, words: string, more: Pick<Act, 'key' | 'also'>): Act {
  const selector = `[data-act=${name}]`
  return {
    id: name,
    words,
    group: 'Writing',
    ...more,
    when: ({ surface }) => surface.isThere(selector),
    run: ({ surface }) => surface.press(selector),
  }
}
