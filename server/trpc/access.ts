import type { Scope } from '../inbox/apiKey.ts'
import type { Permission } from '../inbox/role.ts'
import type { AppRouter } from './router.ts'

export type Access = {
  /** What an API key needs to call it; whoever is signed in needs none. `anyone`: not even a credential is asked for. */
  scope: Scope | 'anyone'
  /**
   * What the agent's role has to allow, asked before anything else (`init.ts`). Which conversations that holds for is asked where
   * one is touched: see `Reach` in `server/inbox/policy.ts`. What depends on the input is asked there too.
   */
  may: Permission | 'anyone'
  /** Its path as REST, below `/api/v1`; null: it is not offered there. `{name}` is taken from the input. */
  rest: string | null
}

type Procedures = AppRouter['_def']['record']
type PathOf<Noun extends keyof Procedures> = `${Noun & string}.${keyof Procedures[Noun] & string}`
type ProcedurePath = { [Noun in keyof Procedures]: PathOf<Noun> }[keyof Procedures]

/**
 * The whole API at a glance: what a key and a role need for each procedure, and where it stands as REST (queries are GET, mutations
 * POST). `scripts/testing/matrix.test.ts` tries every line as every role. A procedure without a line here does not compile, nor does a line without its procedure.
 */
export const ACCESS: Record<string, Access> = {
  'auth.demo': { scope: 'anyone', may: 'anyone', rest: null },
  'auth.me': { scope: 'read', may: 'conversations.read', rest: '/me' },
  'conversations.list': { scope: 'read', may: 'conversations.read', rest: '/conversations' },
  'conversations.get': { scope: 'read', may: 'conversations.read', rest: '/conversations/{conversationId}' },
  'conversations.markRead': {
    scope: 'write',
    may: 'conversations.work',
    rest: '/conversations/{conversationId}/read',
  },
  'conversations.start': { scope: 'write', may: 'conversations.reply', rest: '/conversations/start' },
  'conversations.trail': {
    scope: 'read',
    may: 'conversations.read',
    rest: '/conversations/{conversationId}/trail',
  },
  'conversations.assign': {
    scope: 'write',
    may: 'conversations.assign',
    rest: '/conversations/{conversationId}/assign',
  },
  'conversations.resolve': {
    scope: 'write',
    may: 'conversations.work',
    rest: '/conversations/{conversationId}/resolve',
  },
  'conversations.reopen': {
    scope: 'write',
    may: 'conversations.work',
    rest: '/conversations/{conversationId}/reopen',
  },
  'conversations.snooze': {
    scope: 'write',
    may: 'conversations.work',
    rest: '/conversations/{conversationId}/snooze',
  },
  'conversations.label': {
    scope: 'write',
    may: 'conversations.work',
    rest: '/conversations/{conversationId}/labels',
  },
  'conversations.bulk': { scope: 'write', may: 'conversations.read', rest: '/conversations/bulk' },
  'conversations.restore': { scope: 'write', may: 'conversations.work', rest: '/conversations/restore' },
  'messages.list': {
    scope: 'read',
    may: 'conversations.read',
    rest: '/conversations/{conversationId}/messages',
  },
  'messages.send': {
    scope: 'write',
    may: 'conversations.reply',
    rest: '/conversations/{conversationId}/messages',
  },
  'messages.raw': { scope: 'admin', may: 'messages.raw', rest: '/messages/{messageId}/raw' },
  'messages.react': { scope: 'write', may: 'conversations.reply', rest: '/messages/{messageId}/reaction' },
  'messages.retry': { scope: 'write', may: 'conversations.reply', rest: '/messages/{messageId}/retry' },
  'messages.dismiss': { scope: 'write', may: 'conversations.reply', rest: '/messages/{messageId}/dismiss' },
  'messages.resolve': { scope: 'write', may: 'conversations.reply', rest: '/messages/{messageId}/resolve' },
  'messages.cancel': { scope: 'write', may: 'conversations.reply', rest: '/messages/{messageId}/cancel' },
  'messages.troubled': { scope: 'read', may: 'conversations.read', rest: '/messages/troubled' },
  'messages.schedule': {
    scope: 'write',
    may: 'conversations.reply',
    rest: '/conversations/{conversationId}/scheduled',
  },
  'messages.unschedule': {
    scope: 'write',
    may: 'conversations.reply',
    rest: '/scheduled/{scheduledId}/cancel',
  },
  'messages.scheduled': { scope: 'read', may: 'conversations.read', rest: '/scheduled' },
  'channels.list': { scope: 'read', may: 'conversations.read', rest: '/channels' },
  'channels.update': { scope: 'admin', may: 'channels.manage', rest: '/channels/{channelId}' },
  'channels.resume': { scope: 'admin', may: 'channels.manage', rest: '/channels/{channelId}/resume' },
  'templates.list': { scope: 'read', may: 'conversations.read', rest: '/channels/{channelId}/templates' },
  'templates.sync': { scope: 'admin', may: 'channels.manage', rest: '/channels/{channelId}/templates/sync' },
  'media.retry': { scope: 'write', may: 'conversations.work', rest: '/media/{mediaId}/retry' },
  'labels.list': { scope: 'read', may: 'conversations.read', rest: '/labels' },
  'labels.save': { scope: 'admin', may: 'labels.manage', rest: '/labels' },
  'labels.remove': { scope: 'admin', may: 'labels.manage', rest: '/labels/{labelId}/remove' },
  'search.query': { scope: 'read', may: 'conversations.read', rest: '/search' },
  'drafts.get': { scope: 'read', may: 'conversations.read', rest: '/conversations/{conversationId}/draft' },
  'drafts.list': { scope: 'read', may: 'conversations.read', rest: '/drafts' },
  'drafts.save': { scope: 'write', may: 'conversations.read', rest: '/conversations/{conversationId}/draft' },
  'cannedReplies.list': { scope: 'read', may: 'conversations.read', rest: '/canned-replies' },
  'cannedReplies.fill': {
    scope: 'read',
    may: 'conversations.read',
    rest: '/canned-replies/{cannedReplyId}/fill',
  },
  'cannedReplies.save': { scope: 'write', may: 'cannedReplies.manage', rest: '/canned-replies' },
  'cannedReplies.remove': {
    scope: 'write',
    may: 'cannedReplies.manage',
    rest: '/canned-replies/{cannedReplyId}/remove',
  },
  'notes.add': { scope: 'write', may: 'conversations.note', rest: '/conversations/{conversationId}/notes' },
  'notes.mentions': { scope: 'read', may: 'conversations.read', rest: '/mentions' },
  'notes.markRead': {
    scope: 'write',
    may: 'conversations.read',
    rest: '/conversations/{conversationId}/mentions/read',
  },
  'people.list': { scope: 'read', may: 'conversations.read', rest: '/people' },
  'contacts.get': { scope: 'read', may: 'conversations.read', rest: '/contacts/{contactId}' },
  'contacts.update': { scope: 'write', may: 'contacts.change', rest: '/contacts/{contactId}' },
  'contacts.media': { scope: 'read', may: 'conversations.read', rest: '/contacts/{contactId}/media' },
  'contacts.links': { scope: 'read', may: 'conversations.read', rest: '/contacts/{contactId}/links' },
  'contacts.mergePreview': {
    scope: 'read',
    may: 'contacts.change',
    rest: '/contacts/{intoContactId}/merge-preview',
  },
  'contacts.merge': { scope: 'write', may: 'contacts.change', rest: '/contacts/{intoContactId}/merge' },
  'contacts.setOptOut': { scope: 'write', may: 'contacts.change', rest: '/contacts/{contactId}/opt-out' },
  // As REST the locks have addresses of their own: `http/lockRoutes.ts`.
  'locks.acquire': { scope: 'write', may: 'conversations.reply', rest: null },
  'locks.heartbeat': { scope: 'write', may: 'conversations.reply', rest: null },
  'locks.release': { scope: 'write', may: 'conversations.reply', rest: null },
  'locks.takeover': { scope: 'write', may: 'conversations.reply', rest: null },
  'locks.handOver': { scope: 'write', may: 'conversations.reply', rest: null },
  'locks.list': { scope: 'read', may: 'conversations.read', rest: '/locks' },
  // What ends with a tab or a stream is nothing for REST.
  'presence.join': { scope: 'write', may: 'conversations.read', rest: null },
  'presence.leave': { scope: 'write', may: 'conversations.read', rest: null },
  'presence.typing': { scope: 'write', may: 'conversations.reply', rest: null },
  'live.presence': { scope: 'read', may: 'conversations.read', rest: null },
  'live.feed': { scope: 'read', may: 'conversations.read', rest: null },
  'deadLetters.list': { scope: 'admin', may: 'deadLetters.manage', rest: '/dead-letters' },
  'deadLetters.replay': { scope: 'admin', may: 'deadLetters.manage', rest: '/dead-letters/{id}/replay' },
  'deadLetters.replayAll': { scope: 'admin', may: 'deadLetters.manage', rest: '/dead-letters/replay' },
  'deadLetters.discard': { scope: 'admin', may: 'deadLetters.manage', rest: '/dead-letters/{id}/discard' },
  'apiKeys.list': { scope: 'admin', may: 'apiKeys.manage', rest: '/api-keys' },
  'apiKeys.create': { scope: 'admin', may: 'apiKeys.manage', rest: '/api-keys' },
  'apiKeys.revoke': { scope: 'admin', may: 'apiKeys.manage', rest: '/api-keys/{id}/revoke' },
  'health.status': { scope: 'read', may: 'conversations.read', rest: '/status' },
} satisfies Record<ProcedurePath, Access>

/** Where a procedure may be called from, and with what; undefined for one that does not exist. */
export function accessOf(path: string): Access | undefined {
  return ACCESS[path]
}

/** The scope that a key needs for a procedure. */
export function scopeOf(path: string): Access['scope'] | undefined {
  return ACCESS[path]?.scope
}
