const LOOK_AGAIN_MS = 30 * 60 * 1000
const PATIENCE_MS = 2_000

/**
 * A newer version of the app that lies ready on this device. It is taken when the agent says so and not before: a reload in the
 * middle of a sentence is nobody's wish.
 */
export class Update {
  #ready = $state.raw<ServiceWorker | null>(null)
  /** Another tab took it: this one still runs the version before. */
  #isTakenElsewhere = $state.raw(false)
  #isTaking = false
  #registration: ServiceWorkerRegistration | null = null
  #lookedAt = 0

  get isReady(): boolean {
    return this.#ready !== null || this.#isTakenElsewhere
  }

  /** Listens until it is stopped. Where there are no service workers (an insecure address), nothing ever is ready. */
  start(): () => void {
    const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
    if (!workers) return () => {}
    const hadOne = workers.controller !== null
    const taken = () => this.#taken(hadOne)
    workers.addEventListener('controllerchange', taken)
    void workers.ready.then((registration) => this.#watch(registration))
    return () => workers.removeEventListener('controllerchange', taken)
  }

  /** Whether there is a newer one: asked when the tab is looked at and when the server is back, and not too often. */
  look() {
    if (Date.now() - this.#lookedAt < LOOK_AGAIN_MS) return
    this.#lookedAt = Date.now()
    void this.#registration?.update().catch(() => {})
  }

  take() {
    this.#isTaking = true
    this.#ready?.postMessage({ type: 'activate' })
    // The worker before may be busy for a while yet; the page comes from the server anyway.
    setTimeout(() => location.reload(), this.#ready ? PATIENCE_MS : 0)
  }

  #watch(registration: ServiceWorkerRegistration) {
    this.#registration = registration
    this.#lookedAt = Date.now()
    keepWhatIsLoaded(registration.active)
    if (registration.waiting) this.#ready = registration.waiting
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed' && registration.active) this.#ready = worker
      })
    })
  }

  #taken(hadOne: boolean) {
    if (this.#isTaking) location.reload()
    else if (hadOne) this.#isTakenElsewhere = true
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
