import type { Socket } from 'bun'

type Parser = { bytes: Buffer; answered: ((status: number) => void) | null }

const HEAD_END = Buffer.from('\r\n\r\n')
const NOTHING = Buffer.alloc(0)
/** What an answer counts as when the connection broke before it came. */
export const BROKEN = 0

/**
 * One kept-alive HTTP connection with one request under way at most. Written on the bare socket: `fetch` costs more than
 * the servers that are measured here, and on two cores the generator's time is taken from them.
 */
export class Connection {
  readonly #port: number
  readonly #state: Parser = { bytes: NOTHING, answered: null }
  #socket: Socket | null = null
  #unsent: Uint8Array = NOTHING

  constructor(port: number) {
    this.#port = port
  }

  get isBusy(): boolean {
    return this.#state.answered !== null
  }

  async open(): Promise<this> {
    this.#socket = await Bun.connect({
      hostname: '127.0.0.1',
      port: this.#port,
      socket: {
        open: (socket) => {
          socket.setNoDelay(true)
        },
        data: (_, chunk) => this.#take(chunk),
        drain: () => this.#flush(),
        close: () => this.#broken(),
        error: () => this.#broken(),
      },
    })
    return this
  }

  /** Sends a whole request; `answered` is called with the status of the answer once all of it is there. */
  send(request: Uint8Array, answered: (status: number) => void): void {
    this.#state.answered = answered
    if (this.#socket === null) {
      // The server closed it meanwhile, as servers do with idle connections.
      this.open().then(
        () => this.#start(request),
        () => this.#broken(),
      )
    } else this.#start(request)
  }

  close(): void {
    this.#socket?.end()
    this.#socket = null
  }

  #start(request: Uint8Array): void {
    this.#unsent = request
    this.#flush()
  }

  #flush(): void {
    if (this.#socket === null || this.#unsent.byteLength === 0) return
    const written = this.#socket.write(this.#unsent)
    this.#unsent = written < this.#unsent.byteLength ? this.#unsent.subarray(Math.max(0, written)) : NOTHING
  }

  #take(chunk: Buffer): void {
    const state = this.#state
    state.bytes = state.bytes.byteLength === 0 ? chunk : Buffer.concat([state.bytes, chunk])
    if (!isWhole(state.bytes)) return
    const status = Number(state.bytes.toString('latin1', 9, 12))
    state.bytes = NOTHING
    this.#answer(status)
  }

  #broken(): void {
    this.#socket = null
    this.#state.bytes = NOTHING
    this.#unsent = NOTHING
    this.#answer(BROKEN)
  }

  #answer(status: number): void {
    const { answered } = this.#state
    this.#state.answered = null
    answered?.(status)
  }
}

/** Whether all of an answer is there, by its length or by the end of its chunks. */
function isWhole(bytes: Buffer): boolean {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd === -1) return false
  const head = bytes.toString('latin1', 0, headEnd).toLowerCase()
  const at = head.indexOf('content-length:')
  if (at !== -1) return bytes.byteLength >= headEnd + 4 + Number.parseInt(head.slice(at + 15), 10)
  if (!head.includes('transfer-encoding: chunked')) return true
  return bytes.toString('latin1', bytes.byteLength - 5) === '0\r\n\r\n'
}

/** Opens so many connections to a server on this machine. */
export function openConnections(port: number, count: number): Promise<Connection[]> {
  return Promise.all(Array.from({ length: count }, () => new Connection(port).open()))
}
