import type { Socket } from 'bun'

const HANDSHAKE_END = '\r\n\r\n'
const MASKED_TEXT = 0x81

/**
 * A tab's WebSocket, as bare as can be: a thousand of them must cost this process less than one of them costs the server. It takes
 * frames apart and hands over their bytes; what it sends has a mask of zeros.
 */
export class Tab {
  #socket: Socket | null = null
  #left: Buffer = Buffer.alloc(0)
  #isOpen = false
  #opened = Promise.withResolvers<void>()
  onFrame: (bytes: Buffer) => void = () => {}

  /** Opens the socket; resolves when the handshake was answered. */
  async open(port: number, cookie: string, path = '/trpc'): Promise<this> {
    const head = [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Origin: http://127.0.0.1:${port}`,
      `Cookie: ${cookie}`,
    ]
    this.#socket = await Bun.connect({
      hostname: '127.0.0.1',
      port,
      socket: {
        open: (socket) => void socket.write(`${head.join('\r\n')}${HANDSHAKE_END}`),
        data: (_, bytes) => this.#read(bytes),
        close: () => this.#opened.reject(new Error('The socket was closed')),
        error: (_, error) => this.#opened.reject(error),
      },
    })
    await this.#opened.promise
    return this
  }

  send(message: object): void {
    const text = Buffer.from(JSON.stringify(message))
    const size = text.length < 126 ? [0x80 | text.length] : [0x80 | 126, text.length >> 8, text.length & 0xff]
    this.#socket?.write(Buffer.concat([Buffer.from([MASKED_TEXT, ...size, 0, 0, 0, 0]), text]))
  }

  close(): void {
    this.#opened.promise.catch(() => {})
    this.#socket?.end()
  }

  #read(bytes: Buffer): void {
    let rest = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes])
    if (!this.#isOpen) {
      const end = rest.indexOf(HANDSHAKE_END)
      if (end < 0) {
        this.#left = Buffer.from(rest)
        return
      }
      const status = rest.subarray(9, 12).toString()
      if (status !== '101') {
        this.#opened.reject(new Error(`The handshake was answered with ${status}`))
        return
      }
      this.#isOpen = true
      this.#opened.resolve()
      rest = rest.subarray(end + HANDSHAKE_END.length)
    }
    while (rest.length >= 2) {
      const short = (rest[1] ?? 0) & 0x7f
      const head = short === 126 ? 4 : short === 127 ? 10 : 2
      if (rest.length < head) break
      const size =
        short === 126 ? rest.readUInt16BE(2) : short === 127 ? Number(rest.readBigUInt64BE(2)) : short
      if (rest.length < head + size) break
      this.onFrame(rest.subarray(head, head + size))
      rest = rest.subarray(head + size)
    }
    this.#left = Buffer.from(rest) // a copy: the buffer that came belongs to the socket
  }
}

/** What starts a subscription. */
export const subscription = (path: string, input: object) => ({
  id: 1,
  method: 'subscription',
  params: { path, input },
})
