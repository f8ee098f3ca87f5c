import type { Logger } from 'pino'
import type { Database, Sql } from '../../db/client.ts'
import type { Caller, Credential } from '../auth/credential.ts'
import type { FirstLink } from '../auth/firstLink.ts'
import type { ResetDesk } from '../auth/resetDesk.ts'
import type { SessionTokens } from '../auth/sessionTokens.ts'
import type { SignInTries } from '../auth/signInTries.ts'
import type { NewChannel } from '../inbox/createWorkspace.ts'
import type { SendDesk } from '../inbox/sendDesk.ts'
import type { StreamState } from '../ingest/streamState.ts'
import type { Bell } from '../live/bell.ts'
import type { Feed } from '../live/feed.ts'
import type { Locks } from '../live/locks.ts'
import type { OpenStreams } from '../live/openStreams.ts'
import type { Presence } from '../live/presence.ts'
import type { ChannelSecrets } from '../secrets/channelSecrets.ts'
import type { KeyRing } from '../secrets/keyRing.ts'
import type { Receipts } from '../sender/receipts.ts'
import type { GraphAccount } from '../whatsapp/graphAccount.ts'
import type { TemplateSource } from '../whatsapp/graphTemplates.ts'

/** What the procedures work with. Made once at start, by the composition root. */
export type Services = {
  db: Database
  sql: Sql
  bell: Bell
  feed: Feed
  locks: Locks
  presence: Presence
  streams: OpenStreams
  send: SendDesk
  templates: TemplateSource
  receipts: Receipts
  /** The numbers and accounts of the Graph API. */
  accounts: GraphAccount
  secrets: ChannelSecrets
  /** With which secrets of channels are stored. */
  keys: KeyRing
  /** Where WhatsApp delivers to, and what its handshake says for channels without a word of their own. */
  webhook: { url: string; verifyToken: string }
  /** Deliveries that were taken and are not stored yet; null: nobody can tell. */
  deliveriesWaiting(): Promise<number | null>
  /** How the stream of deliveries stands. Throws while Redis is away. */
  streamState(): Promise<StreamState | null>
  /** Takes out of the stream what is stored of somebody who was erased. */
  forgetDelivered(signs: readonly string[]): Promise<unknown>
  log: Logger
  /** What the company's own sign-in is called; null: there is none. */
  providerName: string | null
  /** Shown at sign-in when this instance is the demo. */
  isDemo: boolean
  now(): Date
  /** Session tokens that are renewed, as cookies. */
  tokens: SessionTokens
  /** Wrong passwords, counted. */
  tries: SignInTries
  /** The link by which the first owner comes in. */
  firstLink: FirstLink
  /** The number in the environment: the channel of the first workspace. */
  firstChannel: NewChannel | null
  /** Where people ask for a new password by themselves. */
  resets: ResetDesk
  /** Loads anew who a credential stands for; null when it, or the membership, has ended. */
  callerOf(credential: Credential): Promise<Caller | null>
}

/** What one request, or one socket, knows. A socket's context outlives a revoked credential: see `live/feed.ts`. */
export type Context = {
  services: Services
  requestId: string
  credential: Credential | null
  /** Of a request by tRPC over HTTP: sends a cookie with the answer. */
  setCookie?: (cookie: string) => void
  /** Of a socket: resolves when it has taken what was sent before. Long streams wait for it, so that nothing piles up. */
  whenDrained?: () => Promise<void>
  /** Of a socket: counts a call like a request of the session, and says in how many seconds it may be tried again if it is one too many. */
  countCall?: () => Promise<{ retryAfterS: number } | null>
}
