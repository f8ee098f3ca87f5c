import type { Server } from 'bun'
import type { Log } from '../log.ts'
import type { SocketHandlers } from '../ws/handlers.ts'
import { callerAddress, type IsTrusted, trustedProxies } from './caller.ts'
import { requestIdOf } from './requestId.ts'

/**
 * Above the 100 MB of a document, whose route answers 413 itself, as the webhook does above 4 MiB and `/api` above 1 MiB. No other
 * route reads a body.
 */
const LARGEST_BODY_BYTES = 110 * 1024 * 1024
/**
 * For a request to come, with all of its body (Bun counts it as a whole, not from byte to byte), and between the bytes of an
 * answer. Streams of events are exempt, and so are files that are uploaded: those have a pace of their own (`pace.ts`).
 */
const IDLE_TIMEOUT_S = 30
const STOP_WITHIN_MS = 10_000

type Answer = Response | Promise<Response>

export type ListenOptions<TGuest> = {
  hostname: string
  /** 0 picks a free one. */
  port: number
  /** `/webhooks/whatsapp`, all methods: not through Hono, because WhatsApp waits for it. */
  webhook(request: Request, server: Server<TGuest>): Answer
  /** Everything else: the app's `fetch`. */
  fetch(request: Request, connection: { address: string }): Answer
  sockets: SocketHandlers<TGuest>
  /** Which proxies may say who asks; those on this machine when nothing is said. */
  isTrusted?: IsTrusted
  idleTimeoutS?: number
  /** What else has to be ended at a stop, once the port is closed. */
  endStreams?(): void
  log: Log
}

export type Listener = {
  port: number
  hostname: string
  /** Takes nothing new, sends sockets away, lets running requests finish until the deadline. */
  stop(withinMs?: number): Promise<void>
}

/** Opens the one port of the server. */
export function listen<TGuest>(options: ListenOptions<TGuest>): Listener {
  const { sockets, log, isTrusted = trustedProxies([]) } = options
  const server = Bun.serve<TGuest>({
    hostname: options.hostname,
    port: options.port,
    idleTimeout: options.idleTimeoutS ?? IDLE_TIMEOUT_S,
    maxRequestBodySize: LARGEST_BODY_BYTES,
    // Bun's own error page shows source code.
    development: false,
    routes: {
      '/webhooks/whatsapp': (request: Request, self: Server<TGuest>) => options.webhook(request, self),
    },
    websocket: sockets.websocket,
    fetch(request, self) {
      if (isHandshake(request)) return sockets.upgrade(request, self, requestIdOf(request.headers))
      if (request.headers.get('accept')?.includes('text/event-stream') || isUpload(request))
        self.timeout(request, 0)
      const address = callerAddress(self.requestIP(request)?.address, request.headers, isTrusted)
      return options.fetch(request, { address })
    },
    error(error) {
      log.error({ err: error }, 'request failed outside the app')
      return Response.json({ error: 'Something broke here.' }, { status: 500 })
    },
  })
  const port = server.port ?? options.port
  log.info({ port, hostname: options.hostname }, 'listening')

  return {
    port,
    hostname: options.hostname,
    async stop(withinMs = STOP_WITHIN_MS) {
      const finished = server.stop()
      // After the port is closed, so that nobody comes back to this process.
      sockets.notifyReconnect()
      sockets.closeAll()
      options.endStreams?.()
      let timer: Timer | undefined
      const deadline = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs)
      })
      await Promise.race([finished, deadline])
      clearTimeout(timer)
      await server.stop(true)
      log.info({ port }, 'stopped listening')
    },
  }
}

function isUpload(request: Request): boolean {
  return request.method === 'POST' && new URL(request.url).pathname === '/media'
}

function isHandshake(request: Request): boolean {
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return false
  return new URL(request.url).pathname === '/trpc'
}
