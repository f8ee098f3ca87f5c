import { EventEmitter } from 'node:events'
import type { ServerWebSocket } from 'bun'

/** The part of Bun's socket that the bridge touches. */
type BunSocket = Pick<ServerWebSocket, 'send' | 'close' | 'terminate' | 'readyState'>

/**
 * Bun's ServerWebSocket dressed as the emitter that tRPC's `getWSConnectionHandler` expects of the `ws` package. There is
 * no adapter for Bun in tRPC; this is all that is missing.
 */
export class Socket extends EventEmitter {
  constructor(private readonly bun: BunSocket) {
    super()
  }

  get readyState(): number {
    return this.bun.readyState
  }

  /**
   * Bun answers 0 when it dropped the frame. The subscriber would never know, so the socket goes: the client comes back
   * with its cursor and is sent what it missed.
   */
  send(text: string): void {
    if (this.bun.send(text) === 0) this.bun.terminate()
  }

  close(code?: number, reason?: string): void {
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
    this.emit('close')
    this.removeAllListeners()
  }
}
