import { connect, type Socket } from 'node:net'

/** A WebSocket by hand: it can send what no browser would. */
export type RawSocket = {
  /** The status of the handshake: 101 when it opened. */
  status: number
  send(bytes: Uint8Array): void
  /** The code of the server's close frame; null when it was cut without one. Resolves when the connection has ended. */
  closed: Promise<number | null>
  end(): void
}

/** The head of a frame, masked with zeros, for a payload of any length, also of one that is never sent. */
export function frameHead(
  length: bigint,
  { opcode = 1, isLast = true, isMasked = true, bits = 0 } = {},
): Uint8Array {
  const first = (isLast ? 0x80 : 0) | bits | opcode
  const mask = isMasked ? 0x80 : 0
  const head =
    length < 126n
      ? [first, mask | Number(length)]
      : length < 65_536n
        ? [first, mask | 126, ...bytesOf(length, 2)]
        : [first, mask | 127, ...bytesOf(length, 8)]
  return new Uint8Array([...head, ...(isMasked ? [0, 0, 0, 0] : [])])
}

/** A whole frame of text. */
export function textFrame(text: string, options: Parameters<typeof frameHead>[1] = {}): Uint8Array {
  const payload = new TextEncoder().encode(text)
  return new Uint8Array(Buffer.concat([frameHead(BigInt(payload.length), options), payload]))
}

const bytesOf = (value: bigint, count: number) =>
  Array.from({ length: count }, (_, index) => Number((value >> BigInt(8 * (count - 1 - index))) & 0xffn))

export async function rawSocket(url: string, cookie: string): Promise<RawSocket> {
  const { hostname, port, origin } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  let received = Buffer.alloc(0)
  const closed = new Promise<number | null>((resolve) =>
    socket.on('close', () => resolve(closeCodeIn(received))),
  )
  socket.on('error', () => {})
  const head = [
    'GET /trpc HTTP/1.1',
    `Host: ${hostname}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    `Origin: ${origin}`,
    `Cookie: ${cookie}`,
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n`)
  const status = await new Promise<number>((resolve) => {
    socket.on('data', (bytes: Buffer) => {
      // Only the end is looked at: a close frame is the last thing that comes.
      received = Buffer.concat([received, bytes]).subarray(-8192)
      const said = /^HTTP\/1\.1 (\d+)/.exec(received.toString('latin1'))
      if (said) resolve(Number(said[1]))
    })
    socket.on('close', () => resolve(0))
  })
  return { status, send: (bytes) => void socket.write(bytes), closed, end: () => socket.destroy() }
}

function closeCodeIn(bytes: Buffer): number | null {
  for (let at = bytes.length - 4; at >= 0; at--) {
    const isClose = bytes[at] === 0x88 && at + 2 + (bytes[at + 1] ?? 0) === bytes.length
    if (isClose) return bytes.readUInt16BE(at + 2)
  }
  return null
}
