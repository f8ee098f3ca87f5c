import { join } from 'node:path'
import { version } from '../../package.json'
import { createAuth } from '../auth/auth.ts'
import { closeDemo } from '../auth/closeDemo.ts'
import { credentialOf, lacking, mayWithin } from '../auth/credential.ts'
import { rememberCookies } from '../auth/knownCookies.ts'
import { liveSessions } from '../auth/liveSessions.ts'
import { originsOf } from '../auth/origins.ts'
import { sessionOf } from '../auth/session.ts'
import { sessionOfCookie } from '../auth/sessionOfCookie.ts'
import { createSignInBook } from '../auth/signInBook.ts'
import { createApp } from '../http/app.ts'
import { trustedProxies } from '../http/caller.ts'
import { createEventStreams } from '../http/eventStreams.ts'
import { listen } from '../http/listen.ts'
import { addLockRoutes } from '../http/lockRoutes.ts'
import { addMediaRoutes } from '../http/media.ts'
import { observeSockets } from '../http/metrics.ts'
import { createRateLimits } from '../http/rateLimit.ts'
import { addRest } from '../http/rest/rest.ts'
import { createWebhook } from '../http/webhook.ts'
import type { Scope } from '../inbox/apiKey.ts'
import { createAppend } from '../ingest/append.ts'
import { STREAM } from '../ingest/stream.ts'
import type { Context } from '../trpc/context.ts'
import { appRouter } from '../trpc/router.ts'
import { createSocketHandlers } from '../ws/handlers.ts'
import type { Foundation } from './foundation.ts'
import { openServices } from './services.ts'

const SITE_FOLDER = join(import.meta.dir, '..', '..', 'web', 'build')

export type Serving = { url: string; firstLink: string | null }

/** Role `server`: webhooks, the API, files, sockets and the web app. Returns where it listens, and the first owner's link while there is none. */
export async function startServing(foundation: Foundation): Promise<Serving> {
  const { env, db, sql, redis, bell, store, register, metrics, log, stops, now } = foundation
  if (!env.isDemo) await closeDemo(sql, now())
  const services = await openServices(foundation)
  const auth = createAuth({
    db,
    sql,
    publicUrl: env.publicUrl,
    secret: env.sessionSecret,
    log,
    tries: services.tries,
    provider: env.provider,
    book: createSignInBook({ sql, isDemo: env.isDemo, sessionEnded: () => bell.ring('sessions') }),
  })
  const whoseSession = sessionOfCookie(
    { sql, secret: env.sessionSecret, publicUrl: env.publicUrl },
    (headers) => sessionOf(auth, headers),
  )
  const limits = env.hasRateLimits ? createRateLimits(redis) : null
  const sockets = createSocketHandlers({
    router: appRouter,
    origins: originsOf(env.publicUrl),
    log,
    sessionOf: whoseSession,
    liveSessions: (sessionIds) => liveSessions(db, sessionIds),
    createContext: ({ sessionId, requestId, whenDrained }): Context => ({
      services,
      requestId,
      credential: { kind: 'session', sessionId },
      whenDrained,
      ...(limits && { countCall: () => limits.take('session', sessionId) }),
    }),
  })
  observeSockets(register, sockets.count)
  stops.push(bell.listen('sessions', () => void sockets.recheck()))
  const sessionIdOf = rememberCookies(whoseSession)
  const createContext = async (request: Request, requestId: string, answer?: Headers): Promise<Context> => ({
    services,
    requestId,
    credential: await credentialOf(request.headers, sessionIdOf),
    ...(answer && { setCookie: (cookie: string) => answer.append('set-cookie', cookie) }),
  })
  const agentOfRequest = async (request: Request, scope: Scope) => {
    const credential = await credentialOf(request.headers, sessionIdOf)
    const caller = credential === null ? null : await services.callerOf(credential)
    if (caller !== null && !mayWithin(caller, scope)) throw lacking(scope)
    return caller && caller.agent
  }
  const streams = createEventStreams()
  const app = createApp({
    publicUrl: env.publicUrl,
    auth,
    router: appRouter,
    createContext,
    streams,
    metricsToken: env.metricsToken,
    ...(limits && {
      rates: { limits, credentialOf: (headers: Headers) => credentialOf(headers, sessionIdOf) },
    }),
    checks: {
      postgres: async () => void (await sql`select 1`),
      redis: async () => void (await redis.ping()),
      stream: async () => void (await redis.xlen(STREAM)),
    },
    register,
    siteFolder: foundation.siteFolder ?? SITE_FOLDER,
    addRoutes(routes) {
      addMediaRoutes(routes, { sql, store, publicUrl: env.publicUrl, log, agentOfRequest, now })
      addLockRoutes(routes, {
        locks: services.locks,
        agentOfRequest: (request) => agentOfRequest(request, 'write'),
      })
      addRest(routes, { router: appRouter, createContext, publicUrl: env.publicUrl, version })
    },
    log,
  })
  const listener = listen({
    hostname: env.host,
    port: env.port,
    webhook: createWebhook({
      secrets: foundation.secrets.webhook,
      append: createAppend(redis),
      metrics: metrics.webhook,
      log,
    }),
    fetch: (request, connection) => app.fetch(request, connection),
    sockets,
    isTrusted: trustedProxies(env.trustedProxies),
    endStreams: () => streams.endAll(),
    log,
  })
  stops.push(() => listener.stop())
  const token = env.isDemo ? null : await services.firstLink.token()
  return {
    url: `http://${env.host === '0.0.0.0' ? '127.0.0.1' : env.host}:${listener.port}`,
    firstLink: token === null ? null : `${env.publicUrl}/first/${token}`,
  }
}
