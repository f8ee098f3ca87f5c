import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * A plain TCP balancer without stickiness on 127.0.0.1: each connection goes to the next port in turn, and to the one after it when
 * nobody listens there.
 */
export class Balancer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #turn = 0

  private constructor(readonly ports: readonly number[]) {
    this.#server = createServer({ noDelay: true, pauseOnConnect: true }, (client) =>
      this.#join(client, this.#turn++, this.ports.length),
    )
  }

  static async open(ports: readonly number[]): Promise<Balancer> {
    const balancer = new Balancer(ports)
    await new Promise<void>((resolve) => balancer.#server.listen(0, '127.0.0.1', resolve))
    return balancer
  }

  get url(): string {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The balancer does not listen')
    return `http://127.0.0.1:${address.port}`
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #join(client: Socket, turn: number, triesLeft: number): void {
    const port = this.ports[turn % this.ports.length] ?? 0
    const server = connect({ port, host: '127.0.0.1', noDelay: true })
    let isOpen = false
    server.on('connect', () => {
      isOpen = true
      const sockets = [client, server]
      const end = () => {
        for (const socket of sockets) {
          this.#sockets.delete(socket)
          socket.destroy()
        }
      }
      for (const socket of sockets) {
        this.#sockets.add(socket)
        socket.on('error', end)
        socket.on('close', end)
      }
      client.pipe(server)
      server.pipe(client)
    })
    server.on('error', () => {
      if (isOpen) return
      if (triesLeft > 1) this.#join(client, turn + 1, triesLeft - 1)
      else client.destroy()
    })
  }
}
