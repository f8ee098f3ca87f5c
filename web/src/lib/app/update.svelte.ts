import { version } from '$app/env'

const LOOK_AGAIN_MS = 30 * 60 * 1000
/** A little longer, or each second look would be too early. */
const LOOK_BY_ITSELF_MS = LOOK_AGAIN_MS + 60 * 1000

/**
 * A newer version of the app on the server. It is taken when the agent says so and not before: a reload in the middle of a
 * sentence is nobody's wish. It is told of once its files lie ready on this device.
 *
 * The page comes from the server whenever that can be reached, so it may be newer than its worker: what counts is whether the
 * server has another version than this page.
 */
export class Update {
  #isReady = $state.raw(false)
  #registration: ServiceWorkerRegistration | null = null
  #lookedAt = 0

  get isReady(): boolean {
    return this.#isReady
  }

  /** Listens until it is stopped. Where there are no service workers (an insecure address), nothing ever is ready. */
  start(): () => void {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
    if (!workers) return () => {}
    // Another tab may have taken it.
    const compare = () => void this.#compare()
    workers.addEventListener('controllerchange', compare)
    void workers.ready.then((registration) => this.#watch(registration))
    const looking = setInterval(() => this.look(), LOOK_BY_ITSELF_MS)
    return () => {
      clearInterval(looking)
      workers.removeEventListener('controllerchange', compare)
    }
  }

  /** Whether there is a newer one: asked when the tab is looked at and now and then, not too often. */
  look() {
    if (Date.now() - this.#lookedAt < LOOK_AGAIN_MS) return
    this.#lookedAt = Date.now()
    void this.#registration?.update().catch(() => {})
  }

  /** The line is back. */
  returned() {
    this.look()
    if (this.#registration?.waiting) void this.#compare()
  }

  /** The page comes from the server. Its worker takes over once the page is there, so that no page is loaded between two workers. */
  take() {
    location.reload()
  }

  #watch(registration: ServiceWorkerRegistration) {
    this.#registration = registration
    this.#lookedAt = Date.now()
    keepWhatIsLoaded(registration.active)
    if (registration.waiting) void this.#compare()
    this.#follow(registration.installing)
    registration.addEventListener('updatefound', () => this.#follow(registration.installing))
  }

  #follow(worker: ServiceWorker | null) {
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && this.#registration?.active) void this.#compare()
    })
  }

  /** A page that is as new as the server lets the worker that waits take over, and has nothing to ask. */
  async #compare() {
    const served = await servedVersion()
    if (served === null) return
    this.#isReady = served !== version
    if (!this.#isReady) this.#registration?.waiting?.postMessage({ type: 'activate' })
  }
}

/** Null: the server does not say, or cannot be reached. */
async function servedVersion(): Promise<string | null> {
  try {
    const answer = await fetch('/_app/version.json', { cache: 'no-cache' })
    const said: { version?: unknown } = answer.ok ? await answer.json() : {}
    return typeof said.version === 'string' ? said.version : null
  } catch {
    return null
  }
}

/** What this page loaded before its worker was there: its language and its fonts, which are not fetched ahead. */
function keepWhatIsLoaded(worker: ServiceWorker | null) {
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name))
  const paths = loaded
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/_app/immutable/'))
    .map(({ pathname }) => pathname)
  worker?.postMessage({ type: 'keep', paths })
}
