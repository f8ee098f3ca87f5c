/** What a role can allow. Each one is a line of the roles page; nobody grants one that they do not have. */
export const PERMISSIONS = [
  // Of conversations: they hold for those within the reach of the role.
  'conversations.read',
  'conversations.reply',
  'conversations.note',
  'conversations.work',
  'conversations.assign',
  'conversations.oversee',
  'contacts.change',
  'messages.raw',
  'contacts.export',
  'contacts.erase',
  // Of the workspace.
  'cannedReplies.manage',
  'labels.manage',
  'channels.manage',
  'deadLetters.manage',
  'queues.manage',
  'apiKeys.manage',
  'people.manage',
  'teams.manage',
  'roles.manage',
  'audit.read',
  'workspace.own',
] as const
export type Permission = (typeof PERMISSIONS)[number]

/** Whether a word is a permission: an earlier or later version of the program may have known others. */
export function isPermission(word: string): word is Permission {
  return PERMISSIONS.some((permission) => permission === word)
}

/**
 * How far a role reaches, nearest first; each one holds what stands before it.
 *
 *     own         conversations assigned to the agent          team        … or to one of their teams
 *     channel     … or in a channel that one of their teams answers, unless the channel shows a conversation only to whoever it
 *                 is assigned to (then those of `team`; all of them with `conversations.oversee`)
 *     workspace   every conversation
 */
export const RELATIONS = ['own', 'team', 'channel', 'workspace'] as const
export type Relation = (typeof RELATIONS)[number]

export type Role = { reach: Relation; permissions: readonly Permission[] }

const READS = ['conversations.read'] as const
const ANSWERS = [
  ...READS,
  'conversations.reply',
  'conversations.note',
  'conversations.work',
  'conversations.assign',
  'contacts.change',
  'cannedReplies.manage',
] as const
const SUPERVISES = [...ANSWERS, 'conversations.oversee', 'labels.manage'] as const

/** The roles that every workspace has, fixed here; others are rows of `roles`. */
export const BUILT_IN_ROLES = {
  owner: { reach: 'workspace', permissions: PERMISSIONS },
  administrator: {
    reach: 'workspace',
    permissions: PERMISSIONS.filter((permission) => permission !== 'workspace.own'),
  },
  supervisor: { reach: 'channel', permissions: SUPERVISES },
  agent: { reach: 'channel', permissions: ANSWERS },
  viewer: { reach: 'channel', permissions: READS },
} as const satisfies Record<string, Role>
export type BuiltInRole = keyof typeof BUILT_IN_ROLES

/** The name of a membership's role; `custom`: the one that its `roleId` points to. */
export type RoleName = BuiltInRole | 'custom'

/** Whether a role allows at least what another one does, so that whoever has it may grant and take the other. */
export function holds(role: Role, other: Role): boolean {
  return (
    RELATIONS.indexOf(role.reach) >= RELATIONS.indexOf(other.reach) &&
    other.permissions.every((permission) => role.permissions.includes(permission))
  )
}

/** What somebody is told whose role does not allow it. */
export const DENIED: Record<Permission, string> = {
  'conversations.read': 'Your role does not let you see conversations.',
  'conversations.reply':
    'Your role lets you read, but not answer customers. Ask an administrator to change it.',
  'conversations.note': 'Your role does not let you write notes. Ask an administrator to change it.',
  'conversations.work':
    'Your role does not let you resolve, snooze or label conversations. Ask an administrator to change it.',
  'conversations.assign':
    'Your role does not let you assign conversations. Ask an administrator to change it.',
  'conversations.oversee': 'Your role does not let you see what is assigned to others.',
  'contacts.change': 'Your role does not let you change contacts. Ask an administrator to change it.',
  'messages.raw': 'Only administrators can see raw messages.',
  'contacts.export': 'Only administrators can export what is kept of a contact.',
  'contacts.erase': 'Only administrators can erase contacts.',
  'cannedReplies.manage':
    'Your role does not let you change saved replies. Ask an administrator to change it.',
  'labels.manage': 'Only supervisors and administrators can make, rename and remove labels.',
  'channels.manage': 'Only administrators can change channels.',
  'deadLetters.manage': 'Only administrators can see dead letters.',
  'queues.manage': 'Only administrators can see queues and jobs.',
  'apiKeys.manage': 'Only administrators can see and make API keys.',
  'people.manage': 'Only administrators can invite people, and change or remove them.',
  'teams.manage': 'Only administrators can change teams.',
  'roles.manage': 'Only administrators can change roles.',
  'audit.read': 'Only administrators can read the audit log.',
  'workspace.own': 'Only owners can do this.',
}
