import type { Session } from '../inbox/session.svelte.ts'
import type { Act } from './act.ts'
import { beside, unreadBeside } from './beside.ts'

const isInInbox = ({ surface }: Session) => !surface.isAway

/** Through the list, in and out of conversations. */
export const moveActs = (): readonly Act[] => {
  const group = 'Moving about'
  return [
    { id: 'next', words: 'Next conversation', group, key: 'j', when: isInInbox, run: to(1) },
    { id: 'previous', words: 'Previous conversation', group, key: 'k', when: isInInbox, run: to(-1) },
    {
      id: 'open',
      words: 'Open the focused conversation, or the first',
      group,
      key: 'Enter',
      isKeyOnly: true,
      when: (session) => isInInbox(session) && session.inbox.openId === null,
      run: to(1),
    },
    {
      id: 'next-unread',
      words: 'Next unread conversation',
      group,
      key: 'Alt ArrowDown',
      when: isInInbox,
      run: toUnread(1),
    },
    {
      id: 'previous-unread',
      words: 'Previous unread conversation',
      group,
      key: 'Alt ArrowUp',
      when: isInInbox,
      run: toUnread(-1),
    },
    {
      id: 'out',
      words: 'Out of the field, then out of the conversation; the draft stays',
      group,
      key: 'Escape',
      isKeyOnly: true,
      when: ({ inbox }) => inbox.openId !== null,
      run: ({ surface }) => surface.go('/'),
    },
  ]
}

function to(step: 1 | -1) {
  return ({ inbox, surface }: Session) => {
    const next = beside(inbox.rows, inbox.openId, step)
    if (next) surface.go(`/c/${next.id}`)
  }
}

function toUnread(step: 1 | -1) {
  return ({ inbox, surface }: Session) => {
    const next = unreadBeside(inbox.rows, inbox.openId, step)
    if (next) surface.go(`/c/${next.id}`)
  }
}
