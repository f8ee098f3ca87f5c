import type { Permission } from '../../../server/inbox/role.ts'
import type { RoleOfMatrix, Target } from './world.ts'

/** What is promised, written down once more and not taken from the product: which conversations each role sees. */
export const VISIBLE: Record<RoleOfMatrix, readonly Target[]> = {
  owner: ['open', 'mine', 'theirs', 'otherTeam'],
  administrator: ['open', 'mine', 'theirs', 'otherTeam'],
  supervisor: ['open', 'mine', 'theirs'],
  agent: ['open', 'mine'],
  viewer: ['open', 'mine'],
  own: ['mine'],
}

/** Of these channels at least some conversations can be theirs. */
export const CHANNELS: Record<RoleOfMatrix, readonly Target[]> = {
  ...VISIBLE,
  agent: ['open', 'mine', 'theirs'],
  viewer: ['open', 'mine', 'theirs'],
  own: ['open', 'mine', 'theirs'],
}

const EVERYBODY: readonly RoleOfMatrix[] = ['owner', 'administrator', 'supervisor', 'agent', 'own', 'viewer']
const WHO_ANSWERS = EVERYBODY.filter((role) => role !== 'viewer')
const ADMINISTRATORS: readonly RoleOfMatrix[] = ['owner', 'administrator']

/** And who may do what, wherever they see a conversation. */
export const MAY: Record<Permission, readonly RoleOfMatrix[]> = {
  'conversations.read': EVERYBODY,
  'conversations.reply': WHO_ANSWERS,
  'conversations.note': WHO_ANSWERS,
  'conversations.work': WHO_ANSWERS,
  'conversations.assign': WHO_ANSWERS,
  'contacts.change': WHO_ANSWERS,
  'cannedReplies.manage': WHO_ANSWERS,
  'conversations.oversee': [...ADMINISTRATORS, 'supervisor'],
  'labels.manage': [...ADMINISTRATORS, 'supervisor'],
  'messages.raw': ADMINISTRATORS,
  'contacts.export': ADMINISTRATORS,
  'contacts.erase': ADMINISTRATORS,
  'queues.manage': ADMINISTRATORS,
  'channels.manage': ADMINISTRATORS,
  'deadLetters.manage': ADMINISTRATORS,
  'apiKeys.manage': ADMINISTRATORS,
  'people.manage': ADMINISTRATORS,
  'teams.manage': ADMINISTRATORS,
  'roles.manage': ADMINISTRATORS,
  'audit.read': ADMINISTRATORS,
  'workspace.own': ['owner'],
}
