import type { AnyRouter, inferRouterContext } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono } from 'hono'
import type { Registry } from 'prom-client'
import { type Auth, CALLER_HEADER } from '../auth/auth.ts'
import { originsOf } from '../auth/origins.ts'
import { sessionOf } from '../auth/session.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { Log } from '../log.ts'
import { errorOf } from '../trpc/init.ts'
import type { EventStreams } from './eventStreams.ts'
import { type ReadinessChecks, readiness } from './health.ts'
import { requestDuration } from './metrics.ts'
import { mayCollect } from './metricsAccess.ts'
import { type RateLimitOptions, rateLimit } from './rateLimit.ts'
import { requestIdOf } from './requestId.ts'
import { restError } from './rest/restError.ts'
import { sameOrigin } from './sameOrigin.ts'
import { securityHeaders } from './securityHeaders.ts'
import { createSite } from './site.ts'
import { wholeBody } from './wholeBody.ts'

/** JSON bodies of procedures and sign-ins; files go another way. */
const LARGEST_BODY_BYTES = 1024 * 1024
/** Asked every few seconds by machines, or many to a page: worth a line only when one looks for it. */
const QUIET = /^\/(healthz|readyz|metrics|_app\/)/

export type AppEnv = {
  /** What `listen` knows of the connection. */
  Bindings: { address?: string }
  Variables: { requestId: string }
}

export type AppOptions<TRouter extends AnyRouter> = {
  publicUrl: string
  auth: Auth
  router: TRouter
  /** `answer`: the headers that go out with the answer, where tRPC is asked. */
  createContext(request: Request, requestId: string, answer?: Headers): Promise<inferRouterContext<TRouter>>
  onTrpcError?(failure: { path: string | undefined; error: Error; requestId: string }): void
  /** In which time a body has to come, as a whole. */
  bodyWithinMs?: number
  /** How often one may ask; without it nobody counts. */
  rates?: RateLimitOptions
  /** What a collector of metrics shows; null: it must be on this machine. */
  metricsToken?: string | null
  /** Ended when the server leaves. */
  streams?: EventStreams
  checks: ReadinessChecks
  register: Registry
  /** The folder that the web app is built into. */
  siteFolder: string
  log: Log
  /** Further routes: REST, media. They come after the rules for `/api` and before the web app. */
  addRoutes?(app: Hono<AppEnv>): void
}

/** Everything that is asked over HTTP, but the webhook, which goes straight to its handler. */
export function createApp<TRouter extends AnyRouter>(options: AppOptions<TRouter>): Hono<AppEnv> {
  const { publicUrl, auth, log } = options
  const observe = requestDuration(options.register)
  const site = createSite(options.siteFolder, originsOf(publicUrl))
  const app = new Hono<AppEnv>()

  app.use(async (c, next) => {
    const startedAt = performance.now()
    const requestId = requestIdOf(c.req.raw.headers)
    c.set('requestId', requestId)
    await next()
    c.header('X-Request-Id', requestId)
    const { method, path } = c.req
    const { status } = c.res
    const ms = Math.round((performance.now() - startedAt) * 10) / 10
    observe(areaOf(path), status, ms)
    log[QUIET.test(path) && status < 500 ? 'debug' : 'info'](
      { method, path, status, ms, requestId },
      'request',
    )
  })
  app.use(securityHeaders(publicUrl))

  for (const path of ['/api/*', '/trpc/*']) {
    app.use(path, async (c, next) => {
      await next()
      if (!c.res.headers.has('cache-control')) c.header('Cache-Control', 'no-store')
    })
    app.use(path, sameOrigin(publicUrl))
    if (options.rates) app.use(path, rateLimit(options.rates))
    app.use(path, wholeBody({ bytes: LARGEST_BODY_BYTES, inWords: '1 MiB', withinMs: options.bodyWithinMs }))
  }

  if (options.rates) app.use('/media/*', rateLimit(options.rates))

  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    const { isReady, checks } = await readiness(options.checks)
    return c.json({ status: isReady ? 'ready' : 'not ready', checks }, isReady ? 200 : 503)
  })
  app.get('/metrics', async (c) => {
    if (!mayCollect(c.req.raw.headers, c.env?.address, options.metricsToken ?? null)) {
      return c.json(
        { error: 'Set METRICS_TOKEN and send it as a bearer token to collect from elsewhere.' },
        403,
      )
    }
    return c.body(await options.register.metrics(), 200, { 'Content-Type': options.register.contentType })
  })

  app.on(['GET', 'POST'], '/api/auth/*', async (c) => {
    const headers = new Headers(c.req.raw.headers)
    headers.set(CALLER_HEADER, c.env?.address ?? '127.0.0.1')
    // Every browser says with a POST where it comes from. Who does not is a program that signs in, and better-auth would
    // refuse it for the lack of an Origin; with the session's cookie it has not come this far (`sameOrigin`).
    if (!headers.has('origin') && !headers.has('sec-fetch-site')) headers.set('origin', publicUrl)
    // Ends a session that was idle for too long, which better-auth by itself would still take.
    await sessionOf(auth, headers)
    return auth.handler(new Request(c.req.raw, { headers }))
  })

  app.all('/trpc/*', (c) => {
    const requestId = c.get('requestId')
    return fetchRequestHandler({
      endpoint: '/trpc',
      req: options.streams?.until(c.req.raw) ?? c.req.raw,
      router: options.router,
      createContext: ({ resHeaders }) => options.createContext(c.req.raw, requestId, resHeaders),
      onError: ({ path, error }) => options.onTrpcError?.({ path, error, requestId }),
    })
  })

  options.addRoutes?.(app)
  app.all('/media/*', (c) => c.json({ error: 'There is nothing here.', requestId: c.get('requestId') }, 404))
  app.all('/api/*', (c) => c.json({ error: 'There is nothing here.', requestId: c.get('requestId') }, 404))
  app.get('*', async (c) => (await site(c.req.raw)) ?? c.notFound())

  app.notFound((c) => c.json({ error: 'There is nothing here.', requestId: c.get('requestId') }, 404))
  app.onError((error, c) => {
    const requestId = c.get('requestId')
    if (error instanceof Refusal) {
      const { status, body } = restError(errorOf(error), requestId)
      return Response.json(body, { status })
    }
    log.error({ err: error, requestId }, 'request failed')
    return c.json({ error: 'Something broke here. Tell us the request id.', requestId }, 500)
  })
  return app
}

function areaOf(path: string): string {
  const [, first = ''] = path.split('/')
  return ['api', 'trpc', 'media', 'healthz', 'readyz', 'metrics'].includes(first) ? first : 'site'
}
