import { connect, createServer, type Server, type Socket } from 'node:net'

/** What the wire does with every piece of data that passes. */
export type Weather =
  | { kind: 'fair' }
  /** Each piece waits this long, in order: the lowest and the highest. */
  | { kind: 'slow'; delayMs: () => number }
  /** Nothing passes and nothing is said of it: what a cable that was pulled out looks like. */
  | { kind: 'silent' }
  /** Nothing passes, but nothing is lost: an end that has stopped reading, and goes on in fair weather. */
  | { kind: 'frozen' }
  /** After so many bytes of reply, the connection is reset in the middle of what was being said. */
  | { kind: 'reset'; afterBytes: () => number }

type Wire = { client: Socket; server: Socket; weather: Weather; budget: number; endAfterThaw(): void }

/** A TCP proxy on 127.0.0.1 that passes, delays, swallows or cuts. */
export class FaultProxy {
  readonly #server: Server
  readonly #wires = new Set<Wire>()
  readonly #target: number
  #weather: Weather = { kind: 'fair' }

  private constructor(target: number) {
    this.#target = target
    this.#server = createServer({ noDelay: true }, (client) => this.#join(client))
  }

  static async open(target: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(target)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  /** The same address, by way of this proxy. */
  via(direct: string): string {
    const address = this.#server.address()
    const url = new URL(direct)
    if (typeof address === 'object' && address) url.port = String(address.port)
    return url.href
  }

  /** Changes the weather, of the connections that are open and of those to come. */
  setWeather(weather: Weather): void {
    this.#weather = weather
    for (const wire of this.#wires) become(wire, weather)
  }

  /** Silences the connections that are open, for ever: half-open. Those to come work. Returns how many there were. */
  silence(): number {
    for (const wire of this.#wires) become(wire, { kind: 'silent' })
    return this.#wires.size
  }

  close(): void {
    this.#server.close()
    for (const { client, server } of this.#wires) {
      client.destroy()
      server.destroy()
    }
  }

  #join(client: Socket): void {
    const server = connect({ port: this.#target, host: '127.0.0.1', noDelay: true })
    const wire: Wire = { client, server, weather: this.#weather, budget: 0, endAfterThaw: () => {} }
    become(wire, this.#weather)
    this.#wires.add(wire)
    pipe(wire, client, server, false)
    pipe(wire, server, client, true)
    const end = () => {
      this.#wires.delete(wire)
      client.destroy()
      server.destroy()
    }
    const endUnlessFrozen = () => {
      if (wire.weather.kind === 'frozen') wire.endAfterThaw = end
      else end()
    }
    for (const socket of [client, server]) socket.on('error', endUnlessFrozen)
    // On a silent wire neither end learns that the other has gone.
    client.on('close', end)
    server.on('close', () => wire.weather.kind !== 'silent' && endUnlessFrozen())
  }
}

function become(wire: Wire, weather: Weather): void {
  const wasFrozen = wire.weather.kind === 'frozen'
  wire.weather = weather
  wire.budget = weather.kind === 'reset' ? weather.afterBytes() : 0
  for (const socket of [wire.client, wire.server]) {
    if (weather.kind === 'frozen') socket.pause()
    else if (wasFrozen) socket.resume()
  }
  if (wasFrozen && weather.kind !== 'frozen') wire.endAfterThaw()
}

function pipe(wire: Wire, from: Socket, to: Socket, isReply: boolean): void {
  let lastAtMs = 0
  from.on('data', (piece: Buffer) => {
    const { weather } = wire
    if (weather.kind === 'silent') return
    if (weather.kind === 'reset' && isReply) {
      wire.budget -= piece.length
      if (wire.budget < 0) return cut(from, to, piece.subarray(0, Math.max(0, piece.length + wire.budget)))
    }
    const now = performance.now()
    const delayMs = weather.kind === 'slow' ? weather.delayMs() : 0
    // Late, but never out of order: nothing overtakes what was sent before.
    lastAtMs = Math.max(lastAtMs, now + delayMs)
    if (lastAtMs <= now) pass(to, piece)
    else setTimeout(() => pass(to, piece), lastAtMs - now)
  })
}

function cut(from: Socket, to: Socket, lastPiece: Buffer): void {
  to.write(lastPiece, () => {
    to.resetAndDestroy()
    from.resetAndDestroy()
  })
}

const pass = (to: Socket, piece: Buffer) => {
  if (!to.destroyed) to.write(piece)
}
