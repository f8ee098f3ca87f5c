const RECONNECT_AFTER_MS = 20
const SEQ = /"data":\{"id":"(\d+)"/
const ADDED = '"type":"message.added"'
const RESYNC = '"type":"resync"'
const WAMID_KEY = '"wamid":"'

/**
 * One agent's tab: a WebSocket that follows `live.feed`, and comes back to its cursor when it is closed. It reads no more
 * of a frame than it counts by: a browser that renders is on another machine, not on these two cores.
 */
export class Subscriber {
  readonly #url: string
  readonly #headers: { cookie: string; origin: string }
  #socket: WebSocket | null = null
  #cursor: string
  #isClosed = false
  /** Messages that were added, as the feed tells. */
  seen = 0
  reconnects = 0
  resyncs = 0
  onSeen: () => void = () => {}
  onWamid: ((wamid: string) => void) | null = null

  constructor(port: number, { cookie, cursor }: { cookie: string; cursor: string }) {
    this.#cursor = cursor
    this.#url = `ws://127.0.0.1:${port}/trpc`
    this.#headers = { cookie, origin: `http://127.0.0.1:${port}` }
  }

  /** Resolves when the server says that the subscription runs. */
  open(): Promise<this> {
    return new Promise((resolve, reject) => {
      this.#connect(() => resolve(this))
      setTimeout(() => reject(new Error('The subscription did not start')), 10_000).unref()
    })
  }

  close(): void {
    this.#isClosed = true
    this.#socket?.close()
  }

  #connect(started: () => void): void {
    const socket = new WebSocket(this.#url, { headers: this.#headers })
    this.#socket = socket
    socket.onopen = () => {
      const params = { path: 'live.feed', input: { lastEventId: this.#cursor } }
      socket.send(JSON.stringify({ id: 1, method: 'subscription', params }))
    }
    socket.onmessage = ({ data }) => {
      const frame = String(data)
      if (frame === 'PING') socket.send('PONG')
      else if (frame.includes('"type":"started"')) started()
      else this.#read(frame)
    }
    socket.onclose = () => {
      if (this.#isClosed) return
      this.reconnects++
      setTimeout(() => this.#connect(() => {}), RECONNECT_AFTER_MS)
    }
    socket.onerror = () => {}
  }

  #read(frame: string): void {
    const seq = SEQ.exec(frame)?.[1]
    if (seq === undefined) return
    this.#cursor = seq
    if (frame.includes(RESYNC)) this.resyncs++
    if (!frame.includes(ADDED)) return
    this.seen++
    if (this.onWamid !== null) {
      const at = frame.indexOf(WAMID_KEY) + WAMID_KEY.length
      this.onWamid(frame.slice(at, frame.indexOf('"', at)))
    }
    this.onSeen()
  }
}
