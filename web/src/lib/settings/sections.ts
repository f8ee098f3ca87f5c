import type { Permission } from '../../../../server/inbox/role.ts'
import type { Me, Session } from '../inbox/session.svelte.ts'

/** A page of the settings. It lives in routes/(inbox)/settings/<path>/ and says itself when somebody may not see it. */
export type Section = {
  path: string
  label: string
  /** One line on what is there. */
  words: string
  group: 'You' | 'Inbox' | 'People' | 'Programs'
  /** Who may not open it does not see it in the list. */
  mayOpen(me: Me): boolean
  /** How many things in it wait for somebody. */
  waiting?(session: Session): number
}

const everybody = () => true
const whoMay = (permission: Permission) => (me: Me) => me.may[permission]

/** All pages of the settings, in the order of the list; those of one group stand together. */
export const sections = (): readonly Section[] => [
  {
    path: 'preferences',
    label: 'Preferences',
    words: 'Theme, language, keyboard and notifications on this device',
    group: 'You',
    mayOpen: everybody,
  },
  {
    path: 'security',
    label: 'Security',
    words: 'How you sign in, and what keeps others out of your account',
    group: 'You',
    mayOpen: everybody,
  },
  {
    path: 'channels',
    label: 'Channels',
    words: 'The WhatsApp numbers on which customers reach you',
    group: 'Inbox',
    mayOpen: whoMay('channels.manage'),
    waiting: ({ channels }) => channels.stopped.length,
  },
  {
    path: 'labels',
    label: 'Labels',
    words: 'The words that conversations are marked with',
    group: 'Inbox',
    mayOpen: whoMay('labels.manage'),
  },
  {
    path: 'canned-replies',
    label: 'Canned replies',
    words: 'What the team writes again and again',
    group: 'Inbox',
    mayOpen: everybody,
  },
  {
    path: 'people',
    label: 'People',
    words: 'Who works here, and invitations',
    group: 'People',
    mayOpen: whoMay('people.manage'),
  },
  {
    path: 'teams',
    label: 'Teams',
    words: 'Who works together, and on which channels',
    group: 'People',
    mayOpen: whoMay('teams.manage'),
  },
  {
    path: 'roles',
    label: 'Roles',
    words: 'What people may see and do',
    group: 'People',
    mayOpen: whoMay('roles.manage'),
  },
  {
    path: 'audit',
    label: 'Audit log',
    words: 'Who did what, and when',
    group: 'People',
    mayOpen: whoMay('audit.read'),
  },
  {
    path: 'erasures',
    label: 'Erasures',
    words: 'Receipts of contacts that were erased',
    group: 'People',
    mayOpen: whoMay('contacts.erase'),
  },
  {
    path: 'api-keys',
    label: 'API keys',
    words: 'For programs that work with this inbox',
    group: 'Programs',
    mayOpen: whoMay('apiKeys.manage'),
  },
  {
    path: 'queues',
    label: 'Queues and jobs',
    words: 'What waits to be stored, sent or done',
    group: 'Programs',
    mayOpen: whoMay('queues.manage'),
  },
  {
    path: 'dead-letters',
    label: 'Dead letters',
    words: 'What WhatsApp delivered and Baton could not store',
    group: 'Programs',
    mayOpen: whoMay('deadLetters.manage'),
    waiting: ({ deadLetters }) => deadLetters?.waiting ?? 0,
  },
]

/** Those that somebody may open. */
export function sectionsFor(me: Me): readonly Section[] {
  return sections().filter((section) => section.mayOpen(me))
}
