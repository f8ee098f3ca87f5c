import type { Session } from '../inbox/session.svelte.ts'
import type { Act } from './act.ts'
import { openingMenu } from './opening.ts'

const mayWork = ({ me }: Session, ids: readonly string[]) => ids.length > 0 && me.may['conversations.work']
const mayAssign = ({ me }: Session, ids: readonly string[]) =>
  ids.length > 0 && me.may['conversations.assign']

/** What agents decide about conversations. */
export const conversationActs = (): readonly Act[] => {
  const group = 'Conversation'
  return [
    {
      id: 'assign-me',
      words: 'Assign to me',
      also: 'take mine',
      group,
      key: 'a',
      when: mayAssign,
      run: (session, ids) => void session.work.assign(ids, { assigneeId: session.me.agent.id }),
    },
    {
      id: 'assign',
      words: 'Assign to…',
      also: 'agent team colleague give',
      group,
      key: 'Shift a',
      when: mayAssign,
      ...openingMenu('assign', 'assign'),
    },
    {
      id: 'resolve',
      words: 'Resolve',
      also: 'close done finish',
      group,
      key: 'e',
      when: (session, ids) => mayWork(session, ids) && isAnyOpen(session, ids),
      run: (session, ids) => void session.work.resolve(ids),
    },
    {
      id: 'reopen',
      words: 'Open again',
      also: 'reopen wake unsnooze',
      group,
      key: 'e',
      when: (session, ids) => mayWork(session, ids) && !isAnyOpen(session, ids),
      run: (session, ids) => void session.work.reopen(ids),
    },
    {
      id: 'snooze',
      words: 'Snooze…',
      also: 'later sleep remind',
      group,
      key: 's',
      when: mayWork,
      ...openingMenu('snooze', 'snooze'),
    },
    {
      id: 'label',
      words: 'Label…',
      also: 'tag mark',
      group,
      key: 'l',
      when: mayWork,
      ...openingMenu('labels', 'label'),
    },
    {
      id: 'mark-read',
      words: 'Mark as read',
      group,
      when: ({ inbox }, ids) => ids.some((id) => (inbox.conversation(id)?.unreadCount ?? 0) > 0),
      run: (session, ids) => void session.work.markRead(ids),
    },
    {
      id: 'search-here',
      words: 'Search in this conversation',
      also: 'find',
      group,
      when: ({ inbox }) => inbox.openId !== null,
      run: ({ surface, inbox }) => surface.go(`/search?in=${inbox.openId}`),
    },
    {
      id: 'undo',
      words: 'Undo what was done last',
      group,
      key: 'z',
      when: ({ toasts }) => toasts.shown.some((toast) => toast.undo !== null),
      run: ({ toasts }) => void toasts.undoLast(),
    },
  ]
}

function isAnyOpen({ inbox }: Session, ids: readonly string[]): boolean {
  return ids.some((id) => inbox.conversation(id)?.status === 'open')
}
