import { version } from '$app/env'

const LOOK_AGAIN_MS = 30 * 60 * 1000
const ANSWERS_WITHIN_MS = 2_000

/**
 * A newer version of the app that lies ready on this device. It is taken when the agent says so and not before: a reload in the
 * middle of a sentence is nobody's wish.
 *
 * The page comes from the server whenever that can be reached, so it may be newer than the worker that is active: what counts is
 * whether a worker is of another version than this page.
 */
export class Update {
  /** A worker waits which is of another version than this page, or has taken over already, because another tab asked for it. */
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
    const taken = () => workers.controller && void this.#taken(workers.controller)
    workers.addEventListener('controllerchange', taken)
    void workers.ready.then((registration) => this.#watch(registration))
    const looking = setInterval(() => this.look(), LOOK_AGAIN_MS)
    return () => {
      clearInterval(looking)
      workers.removeEventListener('controllerchange', taken)
    }
  }

  /** Whether there is a newer one: asked when the tab is looked at, when the server is back and now and then, not too often. */
  look() {
    if (Date.now() - this.#lookedAt < LOOK_AGAIN_MS) return
    this.#lookedAt = Date.now()
    void this.#registration?.update().catch(() => {})
  }

  /** The page comes from the server. Its worker takes over once the page is there, so that no page is loaded between two workers. */
  take() {
    location.reload()
  }

  #watch(registration: ServiceWorkerRegistration) {
    this.#registration = registration
    this.#lookedAt = Date.now()
    keepWhatIsLoaded(registration.active)
    if (registration.waiting) void this.#offer(registration.waiting)
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed' && registration.active) void this.#offer(worker)
      })
    })
  }

  /** This page may have been loaded after the new version was there: then there is nothing to ask the agent. */
  async #offer(worker: ServiceWorker) {
    this.#isReady = !(await isOfThisVersion(worker))
    if (!this.#isReady) worker.postMessage({ type: 'activate' })
  }

  async #taken(worker: ServiceWorker) {
    this.#isReady = !(await isOfThisVersion(worker))
  }
}

/** A worker that does not answer is of a version that could not be asked yet. */
function isOfThisVersion(worker: ServiceWorker): Promise<boolean> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => {
      port1.close()
      resolve(data === version)
    }
    setTimeout(resolve, ANSWERS_WITHIN_MS, false)
    worker.postMessage({ type: 'version' }, [port2])
  })
}

/** What this page loaded before its worker was there: its language and its fonts, which are not fetched ahead. */
function keepWhatIsLoaded(worker: ServiceWorker | null) {
  const loaded = performance.getEntriesByType('resource').map(({ name }) => new URL(name))
  const paths = loaded
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/_app/immutable/'))
    .map(({ pathname }) => pathname)
  worker?.postMessage({ type: 'keep', paths })
}
