import type { Permission } from '../../../server/inbox/role.ts'
import type { Foreign, Thing, World } from './world.ts'

/** What the matrix knows of one procedure: whom it must let through, and what to ask it. */
export type Row =
  /** About one conversation, message, file or contact: asked for each target. */
  | { about: 'thing'; needs: Permission; input: (thing: Thing, world: World) => object }
  /** About the channel of a target: those of which at least some conversations are in reach pass. */
  | { about: 'channel'; needs: Permission; input: (thing: Thing, world: World) => object }
  /** A list. `finds`: it must name what the asker may see. No answer ever names anything else. */
  | { about: 'list'; needs: Permission; finds?: 'things'; input?: (world: World) => object }
  /** About the workspace: with ids of another one it finds nothing. `foreign` null: it takes no ids. */
  | {
      about: 'workspace'
      needs: Permission
      input: (of: Foreign, world: World) => object
      isForeignRefused: boolean
    }
  /** Followed, and tried by tests of its own. */
  | { about: 'stream'; needs: Permission }
  /** For everybody, signed in or not. */
  | { about: 'anyone'; input?: object; isNothingThere?: boolean }

const id = () => Bun.randomUUIDv7()
const READ = 'conversations.read'
const REPLY = 'conversations.reply'
const WORK = 'conversations.work'
const conversation = ({ conversationId }: Thing) => ({ conversationId })
const withThemselves = ({ contactId }: Thing) => ({ intoContactId: contactId, contactId })
const tab = ({ conversationId }: Thing) => ({ conversationId, tabId: id() })
const sent = ({ sentId: messageId }: Thing) => ({ messageId })
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString()
const template = { kind: 'template', templateId: id(), body: {} }

const unknownNumber = {
  phoneNumberId: '99999',
  businessAccountId: '99999',
  accessToken: 'not-a-token',
  appSecret: null,
}

/** A line for each procedure of the router. Whoever adds a procedure adds its line: `matrix.test.ts` fails until then. */
export const ROWS: Record<string, Row> = {
  'auth.demo': { about: 'anyone' },
  'auth.provider': { about: 'anyone' },
  'auth.me': { about: 'list', needs: READ },
  'sessions.list': { about: 'list', needs: READ },
  'sessions.end': {
    about: 'workspace',
    needs: READ,
    input: () => ({ sessionId: id() }),
    isForeignRefused: true,
  },
  'sessions.endOthers': { about: 'list', needs: READ },
  'passwords.ways': { about: 'anyone' },
  'passwords.forgot': { about: 'anyone', input: { email: 'nobody@example.com' } },
  'passwords.link': { about: 'anyone', input: { token: id() }, isNothingThere: true },
  'passwords.reset': {
    about: 'anyone',
    input: { token: id(), password: 'long enough to be one' },
    isNothingThere: true,
  },
  'passwords.makeLink': {
    about: 'workspace',
    needs: 'people.manage',
    input: ({ agentId }, { foreign }) => ({ agentId: agentId === foreign.agentId ? agentId : id() }),
    isForeignRefused: true,
  },
  // Its old password is none of theirs, so nothing changes; that it is their own is shown in sessions.test.ts.
  'passwords.change': {
    about: 'list',
    needs: READ,
    input: () => ({ oldPassword: 'not the password', newPassword: 'long enough to be one' }),
  },
  'setup.link': { about: 'anyone', input: { token: id() }, isNothingThere: true },
  'setup.found': {
    about: 'anyone',
    input: {
      token: id(),
      workspaceName: 'Mine',
      name: 'Nobody',
      email: 'nobody@example.com',
      password: 'long enough to be one',
    },
    isNothingThere: true,
  },
  'conversations.list': {
    about: 'list',
    needs: READ,
    finds: 'things',
    input: () => ({ view: 'all', limit: 100 }),
  },
  'conversations.get': { about: 'thing', needs: READ, input: conversation },
  'conversations.markRead': { about: 'thing', needs: WORK, input: conversation },
  'conversations.start': {
    about: 'channel',
    needs: REPLY,
    input: ({ channelId }) => ({
      channelId,
      phone: '+4915550100077',
      clientMessageId: id(),
      content: template,
    }),
  },
  'conversations.trail': { about: 'thing', needs: READ, input: conversation },
  'conversations.assign': { about: 'thing', needs: 'conversations.assign', input: conversation },
  'conversations.resolve': { about: 'thing', needs: WORK, input: conversation },
  'conversations.snooze': {
    about: 'thing',
    needs: WORK,
    input: (t) => ({ ...conversation(t), until: null }),
  },
  'conversations.reopen': { about: 'thing', needs: WORK, input: conversation },
  'conversations.label': { about: 'thing', needs: WORK, input: conversation },
  'conversations.bulk': {
    about: 'thing',
    needs: WORK,
    input: (t) => ({ ids: [t.conversationId], action: { kind: 'markRead' } }),
  },
  'conversations.restore': {
    about: 'thing',
    needs: WORK,
    input: ({ conversationId, assigneeId }) => ({
      conversations: [
        {
          conversationId,
          before: {
            status: 'open',
            snoozedUntil: null,
            assigneeId,
            teamId: null,
            labelIds: [],
            unreadCount: 0,
          },
        },
      ],
    }),
  },
  'messages.list': { about: 'thing', needs: READ, input: conversation },
  'messages.send': {
    about: 'thing',
    needs: REPLY,
    input: (t) => ({ ...conversation(t), clientMessageId: id(), body: 'Hello' }),
  },
  'messages.history': { about: 'thing', needs: READ, input: ({ messageId }) => ({ messageId }) },
  'messages.raw': {
    about: 'thing',
    needs: 'messages.raw',
    input: ({ messageId }) => ({ messageId }),
  },
  'messages.react': { about: 'thing', needs: REPLY, input: ({ messageId }) => ({ messageId, emoji: '👍' }) },
  'messages.retry': { about: 'thing', needs: REPLY, input: sent },
  'messages.dismiss': { about: 'thing', needs: REPLY, input: sent },
  'messages.resolve': { about: 'thing', needs: REPLY, input: (t) => ({ ...sent(t), decision: 'leave' }) },
  'messages.cancel': { about: 'thing', needs: REPLY, input: sent },
  'messages.troubled': { about: 'list', needs: READ, finds: 'things', input: () => ({ limit: 100 }) },
  'messages.schedule': {
    about: 'thing',
    needs: REPLY,
    input: (t) => ({ ...conversation(t), clientMessageId: id(), body: 'Later', sendAt: tomorrow() }),
  },
  'messages.reschedule': {
    about: 'thing',
    needs: REPLY,
    input: ({ scheduledId }) => ({ scheduledId, sendAt: tomorrow() }),
  },
  'messages.unschedule': { about: 'thing', needs: REPLY, input: ({ scheduledId }) => ({ scheduledId }) },
  'messages.scheduled': { about: 'list', needs: READ, finds: 'things', input: () => ({}) },
  'channels.list': { about: 'list', needs: READ },
  'channels.update': {
    about: 'channel',
    needs: 'channels.manage',
    input: ({ channelId }) => ({ channelId }),
  },
  'channels.resume': {
    about: 'channel',
    needs: 'channels.manage',
    input: ({ channelId }) => ({ channelId }),
  },
  'channels.verify': {
    about: 'workspace',
    needs: 'channels.manage',
    input: () => unknownNumber,
    isForeignRefused: false,
  },
  'channels.connect': {
    about: 'workspace',
    needs: 'channels.manage',
    input: () => ({ ...unknownNumber, name: 'Unknown', teamIds: [] }),
    isForeignRefused: false,
  },
  'channels.replaceToken': {
    about: 'channel',
    needs: 'channels.manage',
    input: ({ channelId }) => ({ channelId, accessToken: 'not-a-token' }),
  },
  'channels.subscribe': {
    about: 'channel',
    needs: 'channels.manage',
    input: ({ channelId }) => ({ channelId }),
  },
  'channels.health': {
    about: 'channel',
    needs: 'channels.manage',
    input: ({ channelId }) => ({ channelId }),
  },
  // Refused for what is said of the channel, and only after it was found: nothing may change for the rows that follow.
  'channels.setTeams': {
    about: 'channel',
    needs: 'channels.manage',
    input: ({ channelId }) => ({ channelId, teamIds: [id()] }),
  },
  'channels.remove': {
    about: 'channel',
    needs: 'channels.manage',
    input: ({ channelId }) => ({ channelId, name: 'Not its name' }),
  },
  'templates.list': { about: 'channel', needs: READ, input: ({ channelId }) => ({ channelId }) },
  'templates.sync': { about: 'channel', needs: 'channels.manage', input: ({ channelId }) => ({ channelId }) },
  'media.retry': { about: 'thing', needs: WORK, input: ({ mediaId }) => ({ mediaId }) },
  'labels.list': { about: 'list', needs: READ },
  'labels.uses': {
    about: 'workspace',
    needs: 'labels.manage',
    input: () => ({ labelId: id() }),
    isForeignRefused: false,
  },
  'labels.save': {
    about: 'workspace',
    needs: 'labels.manage',
    input: ({ labelId }) => ({ labelId, name: id(), colour: 'red' }),
    isForeignRefused: true,
  },
  'labels.remove': {
    about: 'workspace',
    needs: 'labels.manage',
    input: () => ({ labelId: id() }),
    isForeignRefused: false,
  },
  'search.query': { about: 'list', needs: READ, input: () => ({ text: 'zq' }) },
  'drafts.get': { about: 'thing', needs: READ, input: conversation },
  'drafts.list': { about: 'list', needs: READ, finds: 'things' },
  'drafts.save': { about: 'thing', needs: REPLY, input: (t) => ({ ...conversation(t), body: t.marker }) },
  'cannedReplies.list': { about: 'list', needs: READ },
  'cannedReplies.fill': {
    about: 'thing',
    needs: READ,
    input: ({ conversationId }, { own }) => ({ cannedReplyId: own.cannedReplyId, conversationId }),
  },
  'cannedReplies.save': {
    about: 'workspace',
    needs: 'cannedReplies.manage',
    input: ({ cannedReplyId }) => ({
      cannedReplyId,
      shortcut: `s${id().slice(-10)}`,
      title: 'Hello',
      body: 'Hello',
    }),
    isForeignRefused: true,
  },
  'cannedReplies.remove': {
    about: 'workspace',
    needs: 'cannedReplies.manage',
    input: () => ({ cannedReplyId: id() }),
    isForeignRefused: false,
  },
  'notes.add': {
    about: 'thing',
    needs: 'conversations.note',
    input: (t) => ({ ...conversation(t), clientMessageId: id(), text: 'Look' }),
  },
  'notes.mentions': { about: 'list', needs: READ, finds: 'things', input: () => ({ limit: 100 }) },
  // It is the asker's own: nothing is said of the conversation, and nobody else is told.
  'notes.markRead': { about: 'list', needs: READ, input: () => ({ conversationId: id() }) },
  'people.list': { about: 'list', needs: READ },
  'people.members': { about: 'list', needs: 'people.manage' },
  'people.invite': {
    about: 'workspace',
    needs: 'people.manage',
    input: ({ teamId }) => ({ role: { role: 'viewer' }, teamIds: [teamId] }),
    isForeignRefused: true,
  },
  'people.revokeInvite': {
    about: 'workspace',
    needs: 'people.manage',
    input: ({ inviteId }) => ({ inviteId }),
    isForeignRefused: true,
  },
  'people.invitation': { about: 'anyone', input: { token: id() }, isNothingThere: true },
  'people.acceptInvite': {
    about: 'anyone',
    input: { token: id(), name: 'Nobody', password: 'long enough to be one' },
    isNothingThere: true,
  },
  'people.update': {
    about: 'workspace',
    needs: 'people.manage',
    input: ({ agentId }) => ({ agentIds: [agentId] }),
    isForeignRefused: true,
  },
  'people.removeFactors': {
    about: 'workspace',
    needs: 'people.manage',
    input: ({ agentId }, { foreign }) => ({ agentId: agentId === foreign.agentId ? agentId : id() }),
    isForeignRefused: true,
  },
  'people.remove': {
    about: 'workspace',
    needs: 'people.manage',
    input: ({ agentId }, { foreign }) => ({ agentId: agentId === foreign.agentId ? agentId : id() }),
    isForeignRefused: true,
  },
  'teams.list': { about: 'list', needs: 'teams.manage' },
  'teams.save': {
    about: 'workspace',
    needs: 'teams.manage',
    input: ({ channelId }) => ({ name: id(), memberIds: [], channelIds: [channelId] }),
    isForeignRefused: true,
  },
  'teams.remove': {
    about: 'workspace',
    needs: 'teams.manage',
    input: ({ teamId }, { foreign }) => ({ teamId: teamId === foreign.teamId ? teamId : id() }),
    isForeignRefused: true,
  },
  'roles.list': { about: 'list', needs: 'roles.manage' },
  'roles.save': {
    about: 'workspace',
    needs: 'roles.manage',
    input: ({ roleId }) => ({ roleId, name: id(), reach: 'own', permissions: [] }),
    isForeignRefused: true,
  },
  'roles.remove': {
    about: 'workspace',
    needs: 'roles.manage',
    input: ({ roleId }, { foreign }) => ({ roleId: roleId === foreign.roleId ? roleId : id() }),
    isForeignRefused: true,
  },
  'assignment.rules': { about: 'list', needs: 'teams.manage' },
  'assignment.saveRule': {
    about: 'workspace',
    needs: 'teams.manage',
    input: ({ channelId }) => ({ channelId, method: 'hand' }),
    isForeignRefused: true,
  },
  'audit.list': { about: 'list', needs: 'audit.read', input: () => ({ limit: 200 }) },
  'audit.export': { about: 'list', needs: 'audit.read', input: () => ({ format: 'json' }) },
  'contacts.get': { about: 'thing', needs: READ, input: ({ contactId }) => ({ contactId }) },
  'contacts.update': { about: 'thing', needs: 'contacts.change', input: ({ contactId }) => ({ contactId }) },
  // Of a contact out of reach there is nothing to list: no refusal, and no answer either.
  'contacts.media': { about: 'list', needs: READ, input: () => ({ contactId: id() }) },
  'contacts.links': { about: 'list', needs: READ, input: () => ({ contactId: id() }) },
  // With themselves, which is refused as soon as it is clear that they may be seen: what is there stays for the others.
  'contacts.mergePreview': { about: 'thing', needs: 'contacts.change', input: withThemselves },
  'contacts.merge': { about: 'thing', needs: 'contacts.change', input: withThemselves },
  'contacts.exportPreview': {
    about: 'thing',
    needs: 'contacts.export',
    input: ({ contactId }) => ({ contactId }),
  },
  'contacts.erasePreview': {
    about: 'thing',
    needs: 'contacts.erase',
    input: ({ contactId }) => ({ contactId }),
  },
  // Under a name that is not theirs, which is refused as soon as they were found.
  'contacts.erase': {
    about: 'thing',
    needs: 'contacts.erase',
    input: ({ contactId }) => ({ contactId, name: 'Not their name' }),
  },
  'contacts.erasures': { about: 'list', needs: 'contacts.erase' },
  'contacts.setOptOut': {
    about: 'thing',
    needs: 'contacts.change',
    input: ({ contactId }) => ({ contactId, isOptedOut: false }),
  },
  'locks.acquire': { about: 'thing', needs: REPLY, input: tab },
  'locks.heartbeat': { about: 'thing', needs: REPLY, input: (t) => ({ ...tab(t), fence: 1 }) },
  'locks.release': { about: 'thing', needs: REPLY, input: (t) => ({ ...tab(t), fence: 1 }) },
  'locks.takeover': { about: 'thing', needs: REPLY, input: tab },
  'locks.handOver': { about: 'thing', needs: REPLY, input: (t) => ({ ...conversation(t), text: 'Dear' }) },
  'locks.list': { about: 'list', needs: READ },
  'presence.join': { about: 'thing', needs: READ, input: tab },
  'presence.leave': { about: 'list', needs: READ, input: () => ({ tabId: id() }) },
  'presence.typing': { about: 'thing', needs: REPLY, input: (t) => ({ ...tab(t), isTyping: true }) },
  'live.presence': { about: 'stream', needs: READ },
  'live.feed': { about: 'stream', needs: READ },
  'deadLetters.list': { about: 'list', needs: 'deadLetters.manage', input: () => ({}) },
  'deadLetters.replay': {
    about: 'workspace',
    needs: 'deadLetters.manage',
    input: () => ({ id: id() }),
    isForeignRefused: true,
  },
  'deadLetters.replayAll': { about: 'list', needs: 'deadLetters.manage', input: () => ({}) },
  'deadLetters.discard': {
    about: 'workspace',
    needs: 'deadLetters.manage',
    input: () => ({ id: id(), note: 'Not ours' }),
    isForeignRefused: true,
  },
  'queues.read': { about: 'list', needs: 'queues.manage' },
  'queues.retry': { about: 'list', needs: 'queues.manage', input: () => ({ queue: 'media.remove' }) },
  'apiKeys.list': { about: 'list', needs: 'apiKeys.manage' },
  'apiKeys.create': {
    about: 'workspace',
    needs: 'apiKeys.manage',
    input: ({ agentId }) => ({ name: 'A program', agentId, scopes: ['read'] }),
    isForeignRefused: true,
  },
  'apiKeys.revoke': {
    about: 'workspace',
    needs: 'apiKeys.manage',
    input: ({ apiKeyId }) => ({ id: apiKeyId }),
    isForeignRefused: true,
  },
  'health.status': { about: 'list', needs: READ },
}
