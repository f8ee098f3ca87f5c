import type { Permission, Relation, RoleName } from '../../../../server/inbox/role.ts'

/** What a role is called; a role that the workspace made has a name of its own. */
export function roleInWords(role: RoleName, customName: string | null): string {
  const words: Record<RoleName, string> = {
    owner: 'Owner',
    administrator: 'Administrator',
    supervisor: 'Supervisor',
    agent: 'Agent',
    viewer: 'Viewer',
    custom: customName ?? 'A role of its own',
  }
  return words[role]
}

/** What a built-in role is for, in a sentence. */
export const ROLE_HELP: Record<Exclude<RoleName, 'custom'>, string> = {
  owner: 'May do everything, and appoints other owners.',
  administrator: 'May do everything but appoint owners.',
  supervisor: 'Answers, and sees everything in the channels of their teams, whoever has it.',
  agent: 'Answers in the channels of their teams.',
  viewer: 'Reads in the channels of their teams, and changes nothing.',
}

/** How far a role reaches. */
export const REACH_WORDS: Record<Relation, { label: string; help: string }> = {
  own: {
    label: 'Assigned to them',
    help: 'Conversations that are assigned to them, in the channels of their teams',
  },
  team: {
    label: 'Assigned to them or their teams',
    help: 'Also those that are assigned to one of their teams',
  },
  channel: {
    label: 'In the channels of their teams',
    help: 'Everything that these channels show to their teams',
  },
  workspace: { label: 'All of the workspace', help: 'Every conversation of the workspace' },
}

/** What each permission lets somebody do. */
export const PERMISSION_WORDS: Record<Permission, string> = {
  'conversations.read': 'Read conversations',
  'conversations.reply': 'Answer customers',
  'conversations.note': 'Write private notes',
  'conversations.work': 'Resolve, snooze and label',
  'conversations.assign': 'Assign conversations',
  'conversations.oversee': 'See what is assigned to others',
  'contacts.change': 'Change contacts',
  'messages.raw': 'See messages as WhatsApp sent them',
  'contacts.export': 'Export what is kept of a contact',
  'contacts.erase': 'Erase contacts',
  'cannedReplies.manage': 'Change saved replies',
  'labels.manage': 'Make and change labels',
  'channels.manage': 'Connect and change channels',
  'deadLetters.manage': 'Handle dead letters',
  'queues.manage': 'See queues and jobs',
  'apiKeys.manage': 'Make and revoke API keys',
  'people.manage': 'Invite, change and remove people',
  'teams.manage': 'Change teams',
  'roles.manage': 'Change roles',
  'audit.read': 'Read the audit log',
  'workspace.own': 'Appoint owners',
}
