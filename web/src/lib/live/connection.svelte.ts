/** What the banner says; null when there is nothing to say. */
export type Banner = 'offline' | 'reconnecting' | 'connected' | null

type Timers = Pick<typeof globalThis, 'setTimeout' | 'clearTimeout'>

/** A drop shorter than this is nobody's concern. */
const SILENT_MS = 1_000
const CONNECTED_SHOWN_MS = 3_500

/**
 * How the live connection is doing, as people should see it.
 *
 *     null ── lost for a second ──> reconnecting ── open ──> connected ── 3.5 s ──> null
 *     any  ── the device is offline ──> offline ── online again ──> reconnecting
 */
export class Connection {
  #banner = $state.raw<Banner>(null)
  #caughtUp = $state.raw(0)
  #isOpen = false
  #isDeviceOnline = true
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly timers: Timers = globalThis) {}

  get banner(): Banner {
    return this.#banner
  }

  /** How many messages of others came since the connection was back, while the banner says so. */
  get caughtUp(): number {
    return this.#caughtUp
  }

  opened() {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#isDeviceOnline = true
    this.timers.clearTimeout(this.#timer)
    if (this.#banner === null) return
    this.#caughtUp = 0
    this.#show('connected')
    this.#later(CONNECTED_SHOWN_MS, () => this.#show(null))
  }

  lost() {
    if (!this.#isOpen && this.#banner !== null) return
    this.#isOpen = false
    this.timers.clearTimeout(this.#timer)
    this.#later(SILENT_MS, () => this.#show(this.#isDeviceOnline ? 'reconnecting' : 'offline'))
  }

  deviceWentOffline() {
    this.#isDeviceOnline = false
    this.#isOpen = false
    this.timers.clearTimeout(this.#timer)
    this.#show('offline')
  }

  deviceCameOnline() {
    this.#isDeviceOnline = true
    if (this.#banner === 'offline') this.#show('reconnecting')
  }

  received(messages: number) {
    if (this.#banner === 'connected') this.#caughtUp += messages
  }

  stop() {
    this.timers.clearTimeout(this.#timer)
  }

  #show(banner: Banner) {
    this.#banner = banner
  }

  #later(ms: number, act: () => void) {
    this.#timer = this.timers.setTimeout(act, ms)
  }
}
