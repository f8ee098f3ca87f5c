import { version } from '$app/env'
import { immutable } from '$app/manifest'
import { self } from '$app/service-worker'
import { fileOf, keep, precached, SHELL, shellOf } from './cached.ts'

/**
 * What lets an agent reload without a network: the app's page and its files, of this version and of those before that tabs may
 * still run. Nothing that the API answers and no file of a customer is ever kept: those are private, and stale ones would be a lie.
 *
 *     installed ── waits until a page of its version is open (`activate`), or until no tab is ──> active
 */
const CACHE = `baton:${version}`
/** One that waited in vain counts too. */
const MOST_OLDER = 2

/** Where the server answers itself. */
const ANSWERED = ['api', 'trpc', 'media', 'webhooks', 'healthz', 'readyz', 'metrics']
/** Where a page of the app would be wrong. */
const OF_THE_SERVER = new RegExp(`^/(${[...ANSWERED, '_app'].join('|')})(/|$)`)

/** In words that a browser understands without waking the worker. Not every browser has it, nor TypeScript. */
const PAST_THE_WORKER = ANSWERED.map((folder) => ({
  condition: { urlPattern: `/${folder}/*` },
  source: 'network',
}))
type Routing = { addRoutes?(rules: typeof PAST_THE_WORKER): Promise<void> }

self.addEventListener('install', (event) => {
  const routed = (event as Routing).addRoutes?.(PAST_THE_WORKER).catch(() => {})
  const kept = keep(CACHE, [...precached(immutable.map(({ path }) => path)), SHELL])
  event.waitUntil(Promise.all([routed, kept]))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([dropOldCaches(), self.clients.claim()]))
})

self.addEventListener('message', (event) => {
  const word: { type?: unknown; paths?: unknown } = event.data ?? {}
  if (word.type === 'activate') void self.skipWaiting()
  if (word.type === 'keep' && Array.isArray(word.paths)) event.waitUntil(keep(CACHE, word.paths.map(String)))
})

self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (pathname.startsWith('/_app/immutable/')) event.respondWith(fileOf(CACHE, request))
  else if (request.mode === 'navigate' && !OF_THE_SERVER.test(pathname))
    event.respondWith(shellOf(CACHE, request))
})

/** A tab that was not reloaded yet still asks for files of the version before. */
async function dropOldCaches(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith('baton:') && name !== CACHE)
  await Promise.all(others.slice(0, -MOST_OLDER).map((name) => caches.delete(name)))
}
