import type { Scope } from '../inbox/apiKey.ts'
import type { AppRouter } from './router.ts'

export type Access = {
  /** What an API key needs to call it; whoever is signed in needs none. `anyone`: not even a credential is asked for. */
  scope: Scope | 'anyone'
  /** Its path as REST, below `/api/v1`; null: it is not offered there. `{name}` is taken from the input. */
  rest: string | null
}

type Procedures = AppRouter['_def']['record']
type PathOf<Noun extends keyof Procedures> = `${Noun & string}.${keyof Procedures[Noun] & string}`
/** The name of a procedure, as `conversations.list`. */
export type ProcedurePath = { [Noun in keyof Procedures]: PathOf<Noun> }[keyof Procedures]

/**
 * The whole API at a glance: what a key needs for each procedure, and where it stands as REST (queries are GET, mutations
 * POST). A procedure without a line here does not compile, nor does a line without its procedure.
 */
const ACCESS: Record<string, Access> = {
  'auth.demo': { scope: 'anyone', rest: null },
  'auth.provider': { scope: 'anyone', rest: null },
  'auth.me': { scope: 'read', rest: '/me' },
  // One's own browsers and password: nothing for a program.
  'sessions.list': { scope: 'admin', rest: null },
  'sessions.end': { scope: 'admin', rest: null },
  'sessions.endOthers': { scope: 'admin', rest: null },
  'passwords.ways': { scope: 'anyone', rest: null },
  'passwords.forgot': { scope: 'anyone', rest: null },
  'passwords.link': { scope: 'anyone', rest: null },
  'passwords.reset': { scope: 'anyone', rest: null },
  'passwords.makeLink': { scope: 'admin', rest: null },
  'passwords.change': { scope: 'admin', rest: null },
  'setup.link': { scope: 'anyone', rest: null },
  'setup.found': { scope: 'anyone', rest: null },
  'conversations.list': { scope: 'read', rest: '/conversations' },
  'conversations.get': { scope: 'read', rest: '/conversations/{conversationId}' },
  'conversations.markRead': { scope: 'write', rest: '/conversations/{conversationId}/read' },
  'conversations.start': { scope: 'write', rest: '/conversations/start' },
  'conversations.trail': { scope: 'read', rest: '/conversations/{conversationId}/trail' },
  'conversations.assign': { scope: 'write', rest: '/conversations/{conversationId}/assign' },
  'conversations.resolve': { scope: 'write', rest: '/conversations/{conversationId}/resolve' },
  'conversations.reopen': { scope: 'write', rest: '/conversations/{conversationId}/reopen' },
  'conversations.snooze': { scope: 'write', rest: '/conversations/{conversationId}/snooze' },
  'conversations.label': { scope: 'write', rest: '/conversations/{conversationId}/labels' },
  'conversations.bulk': { scope: 'write', rest: '/conversations/bulk' },
  'conversations.restore': { scope: 'write', rest: '/conversations/restore' },
  'messages.list': { scope: 'read', rest: '/conversations/{conversationId}/messages' },
  'messages.send': { scope: 'write', rest: '/conversations/{conversationId}/messages' },
  'messages.history': { scope: 'read', rest: '/messages/{messageId}/history' },
  'messages.raw': { scope: 'admin', rest: '/messages/{messageId}/raw' },
  'messages.react': { scope: 'write', rest: '/messages/{messageId}/reaction' },
  'messages.retry': { scope: 'write', rest: '/messages/{messageId}/retry' },
  'messages.dismiss': { scope: 'write', rest: '/messages/{messageId}/dismiss' },
  'messages.resolve': { scope: 'write', rest: '/messages/{messageId}/resolve' },
  'messages.cancel': { scope: 'write', rest: '/messages/{messageId}/cancel' },
  'messages.troubled': { scope: 'read', rest: '/messages/troubled' },
  'messages.schedule': { scope: 'write', rest: '/conversations/{conversationId}/scheduled' },
  'messages.reschedule': { scope: 'write', rest: '/scheduled/{scheduledId}/time' },
  'messages.unschedule': { scope: 'write', rest: '/scheduled/{scheduledId}/cancel' },
  'messages.scheduled': { scope: 'read', rest: '/scheduled' },
  'channels.list': { scope: 'read', rest: '/channels' },
  'channels.update': { scope: 'admin', rest: '/channels/{channelId}' },
  'channels.resume': { scope: 'admin', rest: '/channels/{channelId}/resume' },
  // What carries a token is asked for on the page alone: as REST it would end in logs of programs.
  'channels.verify': { scope: 'admin', rest: null },
  'channels.connect': { scope: 'admin', rest: null },
  'channels.replaceToken': { scope: 'admin', rest: null },
  'channels.subscribe': { scope: 'admin', rest: '/channels/{channelId}/subscribe' },
  'channels.health': { scope: 'admin', rest: '/channels/{channelId}/health' },
  'channels.setTeams': { scope: 'admin', rest: '/channels/{channelId}/teams' },
  'channels.remove': { scope: 'admin', rest: '/channels/{channelId}/remove' },
  'templates.list': { scope: 'read', rest: '/channels/{channelId}/templates' },
  'templates.sync': { scope: 'admin', rest: '/channels/{channelId}/templates/sync' },
  'media.retry': { scope: 'write', rest: '/media/{mediaId}/retry' },
  'labels.list': { scope: 'read', rest: '/labels' },
  'labels.uses': { scope: 'admin', rest: '/labels/{labelId}/uses' },
  'labels.save': { scope: 'admin', rest: '/labels' },
  'labels.remove': { scope: 'admin', rest: '/labels/{labelId}/remove' },
  'search.query': { scope: 'read', rest: '/search' },
  'drafts.get': { scope: 'read', rest: '/conversations/{conversationId}/draft' },
  'drafts.list': { scope: 'read', rest: '/drafts' },
  'drafts.save': { scope: 'write', rest: '/conversations/{conversationId}/draft' },
  'cannedReplies.list': { scope: 'read', rest: '/canned-replies' },
  'cannedReplies.fill': { scope: 'read', rest: '/canned-replies/{cannedReplyId}/fill' },
  'cannedReplies.save': { scope: 'write', rest: '/canned-replies' },
  'cannedReplies.remove': { scope: 'write', rest: '/canned-replies/{cannedReplyId}/remove' },
  'notes.add': { scope: 'write', rest: '/conversations/{conversationId}/notes' },
  'notes.mentions': { scope: 'read', rest: '/mentions' },
  'notes.markRead': { scope: 'write', rest: '/conversations/{conversationId}/mentions/read' },
  'people.list': { scope: 'read', rest: '/people' },
  'people.members': { scope: 'admin', rest: '/people/members' },
  'people.invite': { scope: 'admin', rest: '/people/invites' },
  'people.revokeInvite': { scope: 'admin', rest: '/people/invites/{inviteId}/revoke' },
  'people.invitation': { scope: 'anyone', rest: null },
  'people.acceptInvite': { scope: 'anyone', rest: null },
  'people.update': { scope: 'admin', rest: '/people/update' },
  'people.removeFactors': { scope: 'admin', rest: null },
  'people.remove': { scope: 'admin', rest: '/people/{agentId}/remove' },
  'teams.list': { scope: 'admin', rest: '/teams' },
  'teams.save': { scope: 'admin', rest: '/teams' },
  'teams.remove': { scope: 'admin', rest: '/teams/{teamId}/remove' },
  'roles.list': { scope: 'admin', rest: '/roles' },
  'roles.save': { scope: 'admin', rest: '/roles' },
  'roles.remove': { scope: 'admin', rest: '/roles/{roleId}/remove' },
  'assignment.rules': { scope: 'admin', rest: '/assignment-rules' },
  'assignment.saveRule': { scope: 'admin', rest: '/assignment-rules' },
  'audit.list': { scope: 'admin', rest: '/audit' },
  'audit.export': { scope: 'admin', rest: '/audit/export' },
  'contacts.get': { scope: 'read', rest: '/contacts/{contactId}' },
  'contacts.update': { scope: 'write', rest: '/contacts/{contactId}' },
  'contacts.media': { scope: 'read', rest: '/contacts/{contactId}/media' },
  'contacts.links': { scope: 'read', rest: '/contacts/{contactId}/links' },
  'contacts.mergePreview': { scope: 'read', rest: '/contacts/{intoContactId}/merge-preview' },
  'contacts.merge': { scope: 'write', rest: '/contacts/{intoContactId}/merge' },
  'contacts.exportPreview': { scope: 'admin', rest: '/contacts/{contactId}/export-preview' },
  'contacts.erasePreview': { scope: 'admin', rest: '/contacts/{contactId}/erase-preview' },
  'contacts.erase': { scope: 'admin', rest: '/contacts/{contactId}/erase' },
  'contacts.erasures': { scope: 'admin', rest: '/erasures' },
  'contacts.setOptOut': { scope: 'write', rest: '/contacts/{contactId}/opt-out' },
  // As REST the locks have addresses of their own: `http/lockRoutes.ts`.
  'locks.acquire': { scope: 'write', rest: null },
  'locks.heartbeat': { scope: 'write', rest: null },
  'locks.release': { scope: 'write', rest: null },
  'locks.takeover': { scope: 'write', rest: null },
  'locks.handOver': { scope: 'write', rest: null },
  'locks.list': { scope: 'read', rest: '/locks' },
  // What ends with a tab or a stream is nothing for REST.
  'presence.join': { scope: 'write', rest: null },
  'presence.leave': { scope: 'write', rest: null },
  'presence.typing': { scope: 'write', rest: null },
  'live.presence': { scope: 'read', rest: null },
  'live.feed': { scope: 'read', rest: null },
  'deadLetters.list': { scope: 'admin', rest: '/dead-letters' },
  'deadLetters.replay': { scope: 'admin', rest: '/dead-letters/{id}/replay' },
  'deadLetters.replayAll': { scope: 'admin', rest: '/dead-letters/replay' },
  'deadLetters.discard': { scope: 'admin', rest: '/dead-letters/{id}/discard' },
  'queues.read': { scope: 'admin', rest: '/queues' },
  'queues.retry': { scope: 'admin', rest: '/queues/{queue}/retry' },
  'apiKeys.list': { scope: 'admin', rest: '/api-keys' },
  'apiKeys.create': { scope: 'admin', rest: '/api-keys' },
  'apiKeys.revoke': { scope: 'admin', rest: '/api-keys/{id}/revoke' },
  'health.status': { scope: 'read', rest: '/status' },
} satisfies Record<ProcedurePath, Access>

/** Where a procedure may be called from, and with what; undefined for one that does not exist. */
export function accessOf(path: string): Access | undefined {
  return ACCESS[path]
}

/** The scope that a key needs for a procedure. */
export function scopeOf(path: string): Access['scope'] | undefined {
  return ACCESS[path]?.scope
}
