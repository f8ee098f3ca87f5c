import { connect, createServer, type Server, type Socket } from 'node:net'

/** Where one connection ends. Counted are the frames of text that the server sends on it, from 1; the first says "started". */
export type Cut = {
  frame: number
  /** How much of that frame still passes: 1 is all of it, so that the cut is at its border. */
  share: number
  ending: 'closed' | 'reset' | 'unnoticed'
}

export type CutPlan = {
  /** One for each connection, in the order in which they come; those after the last pass whole. */
  cuts: readonly Cut[]
  /** A control: this frame of the first connection is left out, and nothing is cut. */
  omit?: number
}

/**
 * A TCP proxy on 127.0.0.1 that reads the frames of WebSockets as they pass and cuts each connection where its plan says.
 * `unnoticed` cuts the client's side alone: the server goes on sending, as to a laptop that was shut.
 */
export class CuttingProxy {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  connections = 0
  cutsMade = 0
  /** Frames of text that came from the server, of all connections. */
  frames = 0

  private constructor(
    readonly target: number,
    readonly plan: CutPlan,
  ) {
    this.#server = createServer({ noDelay: true }, (client) => this.#join(client))
  }

  static async open(target: string, plan: CutPlan): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(Number(new URL(target).port), plan)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get url(): string {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The proxy does not listen')
    return `http://127.0.0.1:${address.port}`
  }

  get isDone(): boolean {
    return this.cutsMade === this.plan.cuts.length
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(client: Socket): void {
    const isFirst = this.connections === 0
    const cut = this.plan.cuts[this.connections++]
    const omit = isFirst ? this.plan.omit : undefined
    const server = connect({ port: this.target, host: '127.0.0.1', noDelay: true })
    let isCut = false
    let frames = 0
    const end = () => {
      this.#sockets.delete(client)
      client.destroy()
      if (isCut && cut?.ending === 'unnoticed') return
      this.#sockets.delete(server)
      server.destroy()
    }
    for (const socket of [client, server]) {
      this.#sockets.add(socket)
      socket.on('error', end)
      socket.on('close', end)
    }
    client.on('data', (piece: Buffer) => server.write(piece))
    const next = frameReader((bytes) => client.write(bytes))
    server.on('data', (piece: Buffer) => {
      if (isCut) return
      for (const frame of next(piece)) {
        if (isText(frame)) {
          frames += 1
          this.frames += 1
          if (frames === omit) continue
          if (frames === cut?.frame) {
            isCut = true
            this.cutsMade += 1
            client.write(partOf(frame, cut.share), () => {
              if (cut.ending === 'reset') client.resetAndDestroy()
              end()
            })
            return
          }
        }
        client.write(frame)
      }
    })
  }
}

/** Takes the stream of a server apart into frames, piece by piece; the answer to the handshake goes to `pass`. */
function frameReader(pass: (bytes: Buffer) => void): (piece: Buffer) => Generator<Buffer> {
  let unread = Buffer.alloc(0)
  let isOpen = false
  return function* (piece) {
    unread = Buffer.concat([unread, piece])
    if (!isOpen) {
      const end = unread.indexOf('\r\n\r\n')
      if (end < 0) return
      pass(unread.subarray(0, end + 4))
      isOpen = true
      unread = unread.subarray(end + 4)
    }
    for (let length = lengthOfFrame(unread); length <= unread.length; length = lengthOfFrame(unread)) {
      const frame = unread.subarray(0, length)
      unread = unread.subarray(length)
      yield frame
    }
  }
}

/** RFC 6455, 5.2: what a server sends is not masked. Infinity when the head is not whole. */
function lengthOfFrame(bytes: Buffer): number {
  const short = bytes.length < 2 ? Number.POSITIVE_INFINITY : bytes.readUInt8(1) & 0x7f
  if (short < 126) return 2 + short
  if (short === 126 && bytes.length >= 4) return 4 + bytes.readUInt16BE(2)
  if (short === 127 && bytes.length >= 10) return 10 + Number(bytes.readBigUInt64BE(2))
  return Number.POSITIVE_INFINITY
}

const isText = (frame: Buffer) => (frame.readUInt8(0) & 0x0f) === 1

const partOf = (frame: Buffer, share: number) =>
  share === 1
    ? frame
    : frame.subarray(0, Math.min(frame.length - 1, Math.max(1, Math.round(frame.length * share))))
