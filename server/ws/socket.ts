import { EventEmitter } from 'node:events'
import type { ServerWebSocket } from 'bun'
import { BETWEEN_FRAMES } from './encode.ts'

/** The part of Bun's socket that the bridge touches. */
type BunSocket = Pick<
  ServerWebSocket,
  'send' | 'close' | 'terminate' | 'readyState' | 'getBufferedAmount'
> & { cork(work: () => void): unknown }

/** Frames of one turn of the loop go out together, as long as they are not more than this. */
const TOGETHER_BYTES = 64 * 1024
/** Above this a stream waits until the client has read. Below it, what is sent fills the time of a round trip. */
const ENOUGH_BYTES = 256 * 1024
/** A client that does not read for this long is gone, or may as well be: it comes back with its cursor. */
const SLOW_FOR_MS = 30_000

/**
 * Bun's ServerWebSocket dressed as the emitter that tRPC's `getWSConnectionHandler` expects of the `ws` package. There is
 * no adapter for Bun in tRPC; this is all that is missing.
 */
export class Socket extends EventEmitter {
  readonly #waiting = new Set<() => void>()
  #patience: Timer | null = null
  #unsent: string[] = []
  #unsentLength = 0
  #isFlushing = false

  constructor(
    private readonly bun: BunSocket,
    private readonly slowForMs = SLOW_FOR_MS,
  ) {
    super()
  }

  get readyState(): number {
    return this.bun.readyState
  }

  /** Sends with whatever else this turn of the loop has for the client: system calls are most of what a frame costs. */
  send(text: string): void {
    if (text.includes(BETWEEN_FRAMES)) this.#unsent.push(...text.split(BETWEEN_FRAMES))
    else this.#unsent.push(text)
    this.#unsentLength += text.length
    if (this.#unsentLength >= TOGETHER_BYTES) this.#flush()
    else this.#flushSoon()
  }

  #flushSoon(): void {
    if (this.#isFlushing) return
    this.#isFlushing = true
    setImmediate(() => {
      this.#isFlushing = false
      this.#flush()
    })
  }

  /**
   * Bun answers 0 when it dropped the frame. The subscriber would never know, so the socket goes: the client comes back
   * with its cursor and is sent what it missed.
   */
  #flush(): void {
    const texts = this.#unsent
    if (texts.length === 0) return
    this.#unsent = []
    this.#unsentLength = 0
    this.bun.cork(() => {
      for (const text of texts) if (this.bun.send(text) === 0) return this.bun.terminate()
    })
  }

  /**
   * Resolves when the client has read most of what was sent, or is gone. A subscription waits here: what it has not sent yet lies in
   * the log, so a slow client costs no memory, and the others nothing at all.
   */
  whenDrained(): Promise<void> {
    if (this.bun.readyState !== WebSocket.OPEN || this.bun.getBufferedAmount() < ENOUGH_BYTES) {
      return Promise.resolve()
    }
    this.#patience ??= setTimeout(() => this.bun.terminate(), this.slowForMs)
    return new Promise((resolve) => this.#waiting.add(resolve))
  }

  /** The client has read something. */
  drained(): void {
    if (this.bun.getBufferedAmount() < ENOUGH_BYTES) this.#goOn()
  }

  #goOn(): void {
    if (this.#patience) clearTimeout(this.#patience)
    this.#patience = null
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  close(code?: number, reason?: string): void {
    this.#flush()
    this.bun.close(code, reason)
  }

  terminate(): void {
    this.bun.terminate()
  }

  /** tRPC reads Buffers only, so Bun's strings are wrapped. */
  receive(message: string | Buffer): void {
    this.emit('message', Buffer.from(message), typeof message !== 'string')
  }

  /** The socket is gone: ends its subscriptions. */
  ended(): void {
    this.#goOn()
    this.emit('close')
    this.removeAllListeners()
  }
}
