import type { Session } from '../inbox/session.svelte.ts'
import type { Act } from './act.ts'

const isInInbox = ({ surface }: Session) => !surface.isAway
const isAnySelected = ({ inbox }: Session) => inbox.list.selection.size > 0

/** In the list: what is picked for the acts on many, and what the list shows. */
export const listActs = (): readonly Act[] => {
  const group = 'List'
  return [
    {
      id: 'select',
      words: 'Select the conversation pointed at, else the open one',
      group,
      key: 'x',
      isKeyOnly: true,
      when: isInInbox,
      run: (session) => ofPointed(session, (id) => session.inbox.list.selection.toggle(id)),
    },
    {
      id: 'select-range',
      words: 'Select all from the last selected one to the one pointed at',
      group,
      key: 'Shift x',
      isKeyOnly: true,
      when: isInInbox,
      run: (session) => ofPointed(session, (id) => session.inbox.list.selection.extendTo(id)),
    },
    {
      id: 'select-all',
      words: 'Select all conversations of the list',
      also: 'pick mark bulk',
      group,
      when: isInInbox,
      run: ({ inbox }) => inbox.list.selection.selectAll(),
    },
    {
      id: 'select-none',
      words: 'Select none',
      group,
      key: 'Escape',
      isKeyOnly: true,
      when: isAnySelected,
      run: ({ inbox }) => inbox.list.selection.clear(),
    },
    {
      id: 'filter',
      words: 'Filter the list…',
      also: 'label team agent channel window narrow',
      group,
      key: 'f',
      when: isInInbox,
      run: ({ surface }) => surface.press('[data-act=filter]'),
    },
    {
      id: 'sort',
      words: 'Sort the list…',
      also: 'order newest oldest window closes first',
      group,
      when: isInInbox,
      run: ({ surface }) => surface.press('[data-act=sort]'),
    },
  ]
}

/** The row with the focus, else the one under the pointer, else the open conversation. */
function ofPointed({ inbox, surface }: Session, act: (id: string) => void) {
  const id = surface.pointedId() ?? inbox.openId
  if (id !== null) act(id)
}
