/** What was done, in words; a word that is not known here is shown as it is. */
const WORDS: Record<string, string> = {
  'person.invited': 'Invited somebody',
  'person.changed': 'Changed a member',
  'person.deactivated': 'Deactivated a member',
  'person.activated': 'Activated a member',
  'person.factors_removed': 'Removed the second factor of a member',
  'person.removed': 'Removed a member',
  'invite.revoked': 'Took an invitation back',
  'invite.accepted': 'Accepted an invitation',
  'team.created': 'Made a team',
  'team.changed': 'Changed a team',
  'team.removed': 'Removed a team',
  'role.created': 'Made a role',
  'role.changed': 'Changed a role',
  'role.removed': 'Removed a role',
  'rule.changed': 'Changed how conversations are assigned',
  'api_key.created': 'Made an API key',
  'api_key.revoked': 'Revoked an API key',
  'two_factor.on': 'Switched the second factor on',
  'two_factor.off': 'Switched the second factor off',
  'two_factor.codes_renewed': 'Made new recovery codes',
  'passkey.added': 'Added a passkey',
  'passkey.removed': 'Removed a passkey',
  'single_sign_on.linked': 'Signed in through single sign-on for the first time',
  'channel.connected': 'Connected a channel',
  'channel.updated': 'Changed a channel',
  'channel.resumed': 'Started a channel again',
  'channel.credentials_replaced': 'Replaced the credentials of a channel',
  'channel.subscribed': 'Subscribed a channel',
  'channel.removed': 'Removed a channel',
  'sign_in.done': 'Signed in',
  'sign_in.failed': 'A sign-in was refused',
  'sign_in.blocked': 'Shut the door after too many wrong passwords',
  'sign_out.done': 'Signed out',
  'session.ended': 'Ended sessions in other browsers',
  'password.changed': 'Changed the password',
  'password.link_made': 'Made a link to a new password',
  'password.mail_asked': 'Somebody asked for a mail with a link to a new password',
  'password.reset': 'Set a new password with a link',
  'workspace.founded': 'Came in first and set the inbox up',
  'audit.exported': 'Exported the audit log',
  'lock.taken_over': 'Took a conversation over',
  'label.saved': 'Saved a label',
  'label.removed': 'Removed a label',
  'dead_letter.replayed': 'Replayed a dead letter',
  'dead_letter.discarded': 'Discarded a dead letter',
  'conversation.assigned': 'Assigned a conversation',
  'conversation.resolved': 'Resolved a conversation',
  'conversation.reopened': 'Opened a conversation again',
  'conversation.snoozed': 'Snoozed a conversation',
  'contact.changed': 'Changed a contact',
  'contact.merged': 'Joined two contacts',
  'contact.exported': 'Exported a contact',
  'contact.erased': 'Erased a contact',
  'retention.applied': 'Removed old messages of a channel',
  'jobs.retried': 'Had failed jobs tried again',
  'message.scheduled': 'Scheduled a message',
  'message.rescheduled': 'Gave a scheduled message another time',
  'message.unscheduled': 'Called a scheduled message off',
}

export function actionInWords(action: string): string {
  return WORDS[action] ?? action
}

/** The name of what it was done to, where the entry has one. */
export function subjectOf(details: unknown): string | null {
  if (typeof details !== 'object' || details === null) return null
  for (const key of ['name', 'email', 'phone']) {
    const value = Object.entries(details).find(([name]) => name === key)?.[1]
    if (typeof value === 'string' && value !== '') return value
  }
  for (const key of ['after', 'before']) {
    const value = Object.entries(details).find(([name]) => name === key)?.[1]
    const inner = value === details ? null : subjectOf(value)
    if (inner !== null) return inner
  }
  return null
}
