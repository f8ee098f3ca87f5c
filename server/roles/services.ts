import { eq } from 'drizzle-orm'
import { openReader } from '../../db/client.ts'
import { workspaces } from '../../db/schema/index.ts'
import { together } from '../../db/together.ts'
import { type Credential, callersOf } from '../auth/credential.ts'
import { createFirstLink } from '../auth/firstLink.ts'
import { createResetDesk } from '../auth/resetDesk.ts'
import { createSessionTokens } from '../auth/sessionTokens.ts'
import { createSignInTries } from '../auth/signInTries.ts'
import type { Env } from '../env.ts'
import type { NewChannel } from '../inbox/createWorkspace.ts'
import { reachesOf } from '../inbox/policy.ts'
import { createSendDesk } from '../inbox/sendDesk.ts'
import { deliveriesWaiting } from '../ingest/deliveriesWaiting.ts'
import { forgetStored } from '../ingest/forgetStored.ts'
import { streamState } from '../ingest/streamState.ts'
import { type AccessWatch, createAccessWatch } from '../live/accessWatch.ts'
import { createFeed } from '../live/feed.ts'
import { createLockStore } from '../live/lockStore.ts'
import { createLocks, LOCK_TIMES } from '../live/locks.ts'
import { createLogMarks } from '../live/logMarks.ts'
import { createOpenStreams } from '../live/openStreams.ts'
import { createPresence } from '../live/presence.ts'
import { createLiveReach } from '../live/reach.ts'
import { createRightOfWay } from '../live/rightOfWay.ts'
import { createTabStore } from '../live/tabStore.ts'
import { createLiveWire } from '../live/wire.ts'
import { createMailer } from '../mail/mailer.ts'
import { createReceipts } from '../sender/receipts.ts'
import type { Services } from '../trpc/context.ts'
import { createGraphAccount } from '../whatsapp/graphAccount.ts'
import { createMarkRead } from '../whatsapp/graphReceipts.ts'
import { createTemplateSource } from '../whatsapp/graphTemplates.ts'
import type { Foundation } from './foundation.ts'

/** Makes what the procedures work with: feed, locks, presence, the desk for sends. */
export async function openServices(foundation: Foundation): Promise<Services> {
  const { env, db, sql, redis, subscriber, bell, api, log, metrics, stops, now } = foundation
  const access = watchAccess(foundation)
  const wire = createLiveWire(redis, subscriber, log)
  stops.push(() => wire.close())
  const feed = createFeed(
    () => openReader(env.databaseUrl),
    bell,
    access,
    createLogMarks(redis, log),
    log,
    (seconds) => metrics.feedDelay.observe(seconds),
  )
  stops.push(() => feed.close())
  const receipts = createReceipts({ sql, markRead: createMarkRead(api), log, now })
  stops.push(() => receipts.close())
  const reach = createLiveReach(sql)
  const lockStore = createLockStore(redis, LOCK_TIMES)
  const tabStore = createTabStore(redis)
  const presence = createPresence({
    tabStore,
    wire,
    lockStore,
    access,
    reach,
    log,
    times: foundation.presenceTimes,
  })
  stops.push(() => presence.close())
  const resets = createResetDesk({
    sql,
    redis,
    mailer: env.mail && createMailer(env.mail),
    publicUrl: env.publicUrl,
    log,
    now,
  })
  stops.push(() => resets.close())
  return {
    db,
    sql,
    bell,
    feed,
    locks: createLocks({ sql, reach, store: lockStore, wire, now }),
    presence,
    streams: createOpenStreams(),
    send: createSendDesk(sql, now, createRightOfWay(redis, log)),
    templates: createTemplateSource(api),
    receipts,
    accounts: createGraphAccount(api),
    secrets: foundation.secrets,
    keys: foundation.keys,
    webhook: { url: `${env.publicUrl}/webhooks/whatsapp`, verifyToken: env.verifyToken },
    deliveriesWaiting: () => deliveriesWaiting(redis),
    streamState: () => streamState(redis),
    forgetDelivered: (signs) => forgetStored(redis, signs),
    log,
    providerName: env.provider?.name ?? null,
    isDemo: env.isDemo && (await hasDemoWorkspace(db)),
    now,
    tokens: createSessionTokens(sql, { publicUrl: env.publicUrl, secret: env.sessionSecret }, now),
    tries: createSignInTries(redis),
    resets,
    firstLink: createFirstLink(sql, env.sessionSecret),
    firstChannel: channelOf(env),
    // What is asked of many at once is asked in one query: of a thousand sockets that come back together, for example.
    callerOf: together((credentials: Credential[]) => callersOf(sql, credentials, now())),
  }
}

function watchAccess({ sql, log, now, stops }: Foundation): AccessWatch {
  const access = createAccessWatch(async (credentials) => {
    const callers = await callersOf(sql, credentials, now())
    const members = callers.flatMap((caller) => (caller === null ? [] : [caller.agent]))
    const reaches = await reachesOf(sql, members, 'conversations.read')
    const reachOf = new Map(members.map((agent, index) => [agent, reaches[index]]))
    return callers.map((caller) => {
      const reach = caller && reachOf.get(caller.agent)
      return reach ? { ...caller, reach } : null
    })
  }, log)
  stops.push(() => access.close())
  return access
}

function channelOf({ phoneNumberId, businessAccountId }: Env): NewChannel | null {
  if (phoneNumberId === null || businessAccountId === null) return null
  return { name: 'WhatsApp', phoneNumberId, businessAccountId, displayPhoneNumber: '' }
}

/** The demo's accounts are only ever shown where they can exist. */
async function hasDemoWorkspace(db: Services['db']): Promise<boolean> {
  const found = await db
    .select({ id: workspaces.id })
    .from(workspaces)
    .where(eq(workspaces.isDemo, true))
    .limit(1)
  return found.length > 0
}
