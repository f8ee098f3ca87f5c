import { IncomingMessage } from 'node:http'
import { Socket as NodeSocket } from 'node:net'
import type { AnyRouter, inferRouterContext } from '@trpc/server'
import { getWSConnectionHandler } from '@trpc/server/adapters/ws'
import { encodeFrame } from './encode.ts'
import type { Guest } from './seat.ts'
import type { Socket } from './socket.ts'

const PING_EVERY_MS = 30_000
const PONG_WITHIN_MS = 10_000

export type BridgeOptions<TRouter extends AnyRouter> = {
  router: TRouter
  onError?: ((failure: { path: string | undefined; error: Error; requestId: string }) => void) | undefined
}

/** tRPC wants node's request, of which it reads `url` and `headers.host`. One that was never connected will do. */
const unconnected = new NodeSocket()

/** Gives an open socket to tRPC. The context was made before the upgrade, so that making it cannot fail here. */
export function connect<TRouter extends AnyRouter>(
  options: BridgeOptions<TRouter>,
  guest: Guest<inferRouterContext<TRouter>>,
  socket: Socket,
): void {
  const handle = getWSConnectionHandler<TRouter>({
    // Asked for by the type alone: only `applyWSSHandler` uses it.
    wss: undefined,
    router: options.router,
    createContext: () => guest.context,
    experimental_encoder: { encode: encodeFrame, decode: (text) => JSON.parse(String(text)) },
    keepAlive: { enabled: true, pingMs: PING_EVERY_MS, pongWaitMs: PONG_WITHIN_MS },
    onError: ({ path, error }) => options.onError?.({ path, error, requestId: guest.requestId }),
  })
  const request = new IncomingMessage(unconnected)
  request.url = guest.url
  request.headers = { host: 'localhost' }
  handle(socket, request)
}
