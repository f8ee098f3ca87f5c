import { hostname } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { openDatabase, openReader } from '../db/client.ts'
import { workspaces } from '../db/schema/index.ts'
import { agentOfSession } from './auth/agentOf.ts'
import { createAuth } from './auth/auth.ts'
import { rememberCookies } from './auth/knownCookies.ts'
import { liveSessions } from './auth/liveSessions.ts'
import { originsOf } from './auth/origins.ts'
import { sessionOf } from './auth/session.ts'
import type { Env } from './env.ts'
import { armFaults } from './failPoint.ts'
import { createApp } from './http/app.ts'
import { listen } from './http/listen.ts'
import { addMediaRoutes } from './http/media.ts'
import { createRegister, observeSockets } from './http/metrics.ts'
import { createWebhook } from './http/webhook.ts'
import { channelsInReach } from './inbox/policy.ts'
import { createSendDesk } from './inbox/sendDesk.ts'
import { createAppend } from './ingest/append.ts'
import { STREAM } from './ingest/stream.ts'
import { superviseConsumer } from './ingest/supervise.ts'
import { DOWNLOAD_LIMITS } from './jobs/downloadLimits.ts'
import { downloadMedia } from './jobs/downloadMedia.ts'
import { keepTemplatesFresh } from './jobs/syncTemplates.ts'
import { wakeAtLast } from './jobs/wakeAtLast.ts'
import { workJobs } from './jobs/workJobs.ts'
import { createBell } from './live/bell.ts'
import { createFeed } from './live/feed.ts'
import { createLockStore } from './live/lockStore.ts'
import { createLocks, LOCK_TIMES } from './live/locks.ts'
import { createPresence } from './live/presence.ts'
import { createRightOfWay } from './live/rightOfWay.ts'
import { createLiveWire } from './live/wire.ts'
import type { Log } from './log.ts'
import { createIngestMetrics, observeStores } from './metrics.ts'
import { connectBlockingRedis, connectRedis, whenReady } from './redis.ts'
import { createLimits } from './sender/redisLimits.ts'
import { Sender } from './sender/sender.ts'
import { digestOf } from './sender/tokenDigest.ts'
import { openMediaStore } from './storage/mediaStore.ts'
import type { Context, Services } from './trpc/context.ts'
import { appRouter } from './trpc/router.ts'
import { createGraph } from './whatsapp/graph.ts'
import { createGraphMedia } from './whatsapp/graphMedia.ts'
import { createTemplateSource } from './whatsapp/graphTemplates.ts'
import { createSocketHandlers } from './ws/handlers.ts'

export type RunningServer = {
  /** Where it listens; null when its roles have nothing to listen for. */
  url: string | null
  /** Stops in reverse order: no request without an answer, no batch half stored, no message left in `sending`. */
  stop(): Promise<void>
}

const READY_WITHIN_MS = 15_000
const SITE_FOLDER = join(import.meta.dir, '..', 'web', 'build')

/** The composition root: opens what the roles need, in order, and hands every part what it works with. */
export async function startServer(env: Env, log: Log): Promise<RunningServer> {
  const stops: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const close of stops.splice(0).reverse()) await close()
  }
  try {
    return { url: await open(env, log, stops), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function open(env: Env, log: Log, stops: (() => Promise<void> | void)[]): Promise<string | null> {
  armFaults(env.testFaults)
  const { db, sql, close } = openDatabase(env.databaseUrl)
  stops.push(close)
  await sql`select 1`
  const redis = connectRedis(env.redisUrl, log)
  const subscriber = connectBlockingRedis(env.redisUrl, 0, log)
  stops.push(() => {
    subscriber.disconnect()
    redis.disconnect()
  })
  await whenReady(redis, READY_WITHIN_MS)
  const bell = createBell(redis, subscriber, log)
  stops.push(() => bell.close())
  const register = createRegister()
  observeStores(register, redis, sql)
  const metrics = createIngestMetrics(register)

  if (env.roles.includes('consume')) {
    const { databaseUrl, redisUrl, logLevel, testFaults } = env
    const name = `${hostname()}:thread:${env.port}`
    const settings = { databaseUrl, redisUrl, logLevel, name, ...(testFaults && { testFaults }) }
    const consumer = superviseConsumer(settings, log, (turn) => metrics.stored.inc(turn.items))
    stops.push(() => consumer.stop())
  }
  if (env.roles.includes('send')) {
    const graph = createGraph({ apiUrl: env.whatsappApiUrl, accessToken: env.accessToken })
    const leaving = new AbortController()
    const sending = new Sender({
      sql,
      bell,
      graph,
      limits: createLimits(redis, log),
      tokenDigest: digestOf(env.accessToken),
      log,
      now: () => new Date(),
    }).run(leaving.signal)
    stops.push(async () => {
      leaving.abort()
      await sending
    })
  }
  const templates = createTemplateSource({ apiUrl: env.whatsappApiUrl, accessToken: env.accessToken })
  const store = openMediaStore(env.mediaStore)
  if (env.roles.includes('jobs')) {
    const leaving = new AbortController()
    const refresh = { sql, source: templates, log, now: () => new Date() }
    const refreshing = keepTemplatesFresh(refresh, leaving.signal)
    stops.push(async () => {
      leaving.abort()
      await refreshing
    })
    const api = { apiUrl: env.whatsappApiUrl, accessToken: env.accessToken }
    const graph = createGraphMedia(api)
    const download = { ...api, ...DOWNLOAD_LIMITS }
    const parts = { sql, store, graph, download, bell, log, now: () => new Date() }
    const jobs = await workJobs(
      { databaseUrl: env.databaseUrl, bell, log },
      {
        'media.download': ({ mediaId }, signal) => downloadMedia(parts, mediaId, signal),
        'conversation.wake': (job) => wakeAtLast(parts, job),
      },
    )
    stops.push(() => jobs.stop())
  }
  if (!env.roles.includes('server')) return null

  const auth = createAuth({ db, publicUrl: env.publicUrl, secret: env.sessionSecret, log })
  const loadAgent = (sessionId: string) => agentOfSession(sql, sessionId)
  const feed = createFeed(
    () => openReader(env.databaseUrl),
    bell,
    async (sessionId) => {
      const agent = await loadAgent(sessionId)
      return agent && { agent, channelIds: await channelsInReach(sql, agent) }
    },
    log,
    (seconds) => metrics.feedDelay.observe(seconds),
  )
  stops.push(() => feed.close())
  const wire = createLiveWire(redis, subscriber, log)
  stops.push(() => wire.close())
  const lockStore = createLockStore(redis, LOCK_TIMES)
  const services: Services = {
    db,
    sql,
    bell,
    feed,
    locks: createLocks({ sql, store: lockStore, wire, now: () => new Date() }),
    presence: createPresence(),
    send: createSendDesk(sql, () => new Date(), createRightOfWay(redis, log)),
    templates,
    log,
    isDemo: env.isDemo && (await hasDemoWorkspace(db)),
    now: () => new Date(),
    agentOfSession: loadAgent,
  }
  const sockets = createSocketHandlers({
    router: appRouter,
    origins: originsOf(env.publicUrl),
    log,
    sessionOf: (headers) => sessionOf(auth, headers),
    liveSessions: (sessionIds) => liveSessions(db, sessionIds),
    createContext: ({ sessionId, requestId }): Context => ({ services, sessionId, requestId }),
  })
  observeSockets(register, sockets.count)
  const sessionIdOf = rememberCookies((headers) => sessionOf(auth, headers))
  const app = createApp({
    publicUrl: env.publicUrl,
    auth,
    router: appRouter,
    createContext: async (request, requestId): Promise<Context> => ({
      services,
      requestId,
      sessionId: await sessionIdOf(request.headers),
    }),
    checks: {
      postgres: async () => void (await sql`select 1`),
      redis: async () => void (await redis.ping()),
      stream: async () => void (await redis.xlen(STREAM)),
    },
    register,
    siteFolder: SITE_FOLDER,
    addRoutes: (routes) =>
      addMediaRoutes(routes, {
        sql,
        store,
        publicUrl: env.publicUrl,
        log,
        sessionIdOf: (headers) => sessionIdOf(headers),
        agentOfSession: loadAgent,
        now: () => new Date(),
      }),
    log,
  })
  const webhook = createWebhook({ ...env, append: createAppend(redis), metrics: metrics.webhook, log })
  const listener = listen({
    hostname: env.host,
    port: env.port,
    webhook,
    fetch: (request, connection) => app.fetch(request, connection),
    sockets,
    log,
  })
  stops.push(() => listener.stop())
  return `http://${env.host === '0.0.0.0' ? '127.0.0.1' : env.host}:${listener.port}`
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
