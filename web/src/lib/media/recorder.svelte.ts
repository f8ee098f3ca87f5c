import { loudness } from './loudness.ts'

/**
 *     idle ── start ──> asking ──> recording ── stop ──> recorded ── sent | discarded ──> idle
 *                          └──> denied | missing | unsupported ── dismissed ──> idle
 */
export type RecorderState =
  | 'idle'
  | 'asking'
  | 'recording'
  | 'recorded'
  | 'denied'
  | 'missing'
  | 'unsupported'

/** In the order of how little has to be done to make a voice note of it. */
const TYPES = ['audio/ogg;codecs=opus', 'audio/webm;codecs=opus', 'audio/mp4']
const BITS_PER_SECOND = 24_000
const TICK_MS = 60
/** What fits on a screen of levels. */
const LEVELS_SHOWN = 64
/** WhatsApp shows a voice note as one up to 16 MB; an hour of speech is less. */
const LONGEST_MS = 60 * 60 * 1000

/** A voice note on its way from the microphone to the tray. */
export class Recorder {
  #state = $state.raw<RecorderState>('idle')
  #elapsedMs = $state.raw(0)
  #levels = $state.raw<readonly number[]>([])
  #recording = $state.raw<File | null>(null)
  #url = $state.raw<string | null>(null)
  #recorder: MediaRecorder | null = null
  #release: (() => void) | null = null
  /** Grows with each start and each discard: an answer to an older question counts for nothing. */
  #turn = 0

  get state(): RecorderState {
    return this.#state
  }

  get elapsedMs(): number {
    return this.#elapsedMs
  }

  /** How loud it was lately, newest last, 0 to 1. */
  get levels(): readonly number[] {
    return this.#levels.slice(-LEVELS_SHOWN)
  }

  /** The whole of it, 0 to 100. */
  get waveform(): number[] {
    return this.#levels.map((level) => Math.round(level * 100))
  }

  get recording(): File | null {
    return this.#recording
  }

  /** To listen to it. */
  get url(): string | null {
    return this.#url
  }

  async start(): Promise<void> {
    if (this.#state === 'asking' || this.#state === 'recording') return
    this.discard()
    const type = TYPES.find((one) => globalThis.MediaRecorder?.isTypeSupported(one))
    if (!type || !navigator.mediaDevices) {
      this.#state = 'unsupported'
      return
    }
    const turn = this.#turn
    this.#state = 'asking'
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } })
      if (turn === this.#turn) this.#record(stream, type)
      else for (const track of stream.getTracks()) track.stop()
    } catch (error) {
      if (turn === this.#turn) this.#state = refusalOf(error)
    }
  }

  stop() {
    if (this.#recorder?.state === 'recording') this.#recorder.stop()
  }

  /** Nothing is kept. */
  discard() {
    this.#turn += 1
    const recorder = this.#recorder
    this.#recorder = null
    if (recorder?.state === 'recording') recorder.stop()
    this.#release?.()
    if (this.#url) URL.revokeObjectURL(this.#url)
    this.#url = null
    this.#recording = null
    this.#elapsedMs = 0
    this.#levels = []
    this.#state = 'idle'
  }

  #record(stream: MediaStream, type: string) {
    const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_SECOND })
    const pieces: Blob[] = []
    const level = loudness(stream)
    const startedAt = performance.now()
    const timer = setInterval(() => {
      this.#elapsedMs = performance.now() - startedAt
      this.#levels = [...this.#levels, level.now()]
      if (this.#elapsedMs > LONGEST_MS) this.stop()
    }, TICK_MS)
    this.#release = () => {
      this.#release = null
      clearInterval(timer)
      level.stop()
      for (const track of stream.getTracks()) track.stop()
    }
    recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data))
    recorder.addEventListener('stop', () => {
      if (this.#recorder !== recorder) return
      this.#release?.()
      this.#keep(new Blob(pieces, { type }), type)
    })
    this.#recorder = recorder
    this.#state = 'recording'
    recorder.start()
  }

  #keep(blob: Blob, type: string) {
    // Whatever the browser made of it, the server makes an Ogg of it.
    this.#recording = new File([blob], 'voice.ogg', { type })
    this.#url = URL.createObjectURL(blob)
    this.#state = 'recorded'
  }
}

function refusalOf(error: unknown): RecorderState {
  const name = error instanceof DOMException ? error.name : ''
  return name === 'NotFoundError' || name === 'NotReadableError' ? 'missing' : 'denied'
}
