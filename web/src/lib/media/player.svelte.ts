const SPEEDS = [1, 1.5, 2] as const

/** Only one thing is heard at a time. */
let playing: HTMLMediaElement | null = null

/** Whoever goes elsewhere does not want to hear it any more. */
export function silence() {
  playing?.pause()
}

/**
 * A voice note or an audio file that is played in its bubble. Its element is made when somebody presses play and never stands in the
 * page: there Chromium keeps a whole bar of controls with it, which nobody sees.
 */
export class Player {
  #isPlaying = $state.raw(false)
  #position = $state.raw(0)
  #length = $state.raw<number | null>(null)
  #speed = $state.raw<(typeof SPEEDS)[number]>(1)
  #isBroken = $state.raw(false)
  #element: HTMLMediaElement | null = null
  #leave = () => {}

  /** `told`: how long it is in seconds, as the server knows it. */
  constructor(
    private readonly source: () => string | null,
    private readonly told: () => number | null,
  ) {
    $effect(() => {
      void this.source()
      return () => this.#leave()
    })
  }

  get isPlaying(): boolean {
    return this.#isPlaying
  }

  /** In seconds. */
  get position(): number {
    return this.#position
  }

  get length(): number {
    return this.told() ?? this.#length ?? 0
  }

  get share(): number {
    return this.length === 0 ? 0 : Math.min(1, this.#position / this.length)
  }

  get speed(): number {
    return this.#speed
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  toggle() {
    const element = this.#load()
    if (this.#isPlaying) return element.pause()
    if (playing !== element) playing?.pause()
    playing = element
    element.playbackRate = this.#speed
    element.play().catch(() => {
      this.#isBroken = element.error !== null
    })
  }

  faster() {
    this.#speed = SPEEDS[(SPEEDS.indexOf(this.#speed) + 1) % SPEEDS.length] ?? 1
    if (this.#element) this.#element.playbackRate = this.#speed
  }

  seek(share: number) {
    if (this.length === 0) return
    this.#position = Math.max(0, Math.min(1, share)) * this.length
    this.#load().currentTime = this.#position
  }

  #load(): HTMLMediaElement {
    if (this.#element) return this.#element
    const element = new Audio()
    this.#element = element
    const listening = new AbortController()
    const on = (name: string, act: () => void) =>
      element.addEventListener(name, act, { signal: listening.signal })
    on('play', () => (this.#isPlaying = true))
    on('pause', () => (this.#isPlaying = false))
    on('timeupdate', () => (this.#position = element.currentTime))
    on('error', () => (this.#isBroken = true))
    on('loadedmetadata', () => {
      if (Number.isFinite(element.duration)) this.#length = element.duration
    })
    on('ended', () => {
      this.#isPlaying = false
      this.#position = 0
    })
    this.#leave = () => {
      listening.abort()
      element.pause()
      if (playing === element) playing = null
      this.#element = null
      this.#isPlaying = false
      this.#leave = () => {}
    }
    element.preload = 'metadata'
    element.src = this.source() ?? ''
    return element
  }
}
