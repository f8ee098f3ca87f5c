import type { AnyRouter, inferRouterContext } from '@trpc/server'
import type { Server, ServerWebSocket, WebSocketHandler } from 'bun'
import { type BridgeOptions, connect } from './bridge.ts'
import type { Guest } from './seat.ts'
import { Socket } from './socket.ts'
import { type UpgradeOptions, upgrade } from './upgrade.ts'

/** What a client may send in one frame. */
const LARGEST_FRAME_BYTES = 64 * 1024
/**
 * What may wait for a client that does not read: beyond it the socket is closed, and its cursor brings it back. Streams stop long
 * before (`Socket.whenDrained`), so only answers get here.
 */
const LONGEST_QUEUE_BYTES = 4 * 1024 * 1024
const IDLE_TIMEOUT_S = 120
const RECHECK_EVERY_MS = 30_000
/** tRPC's word for "come back by yourself". */
const RECONNECT = JSON.stringify({ id: null, method: 'reconnect' })
/** Codes of a close frame: RFC 6455, and ours from 4000. */
const CLOSE = { goingAway: 1001, flooding: 1008, sessionOver: 4401 } as const

export type SocketOptions<TRouter extends AnyRouter> = BridgeOptions<TRouter> &
  UpgradeOptions<inferRouterContext<TRouter>> & {
    /** Which of these sessions still hold: asked again and again while sockets live. */
    liveSessions(sessionIds: string[]): Promise<Set<string>>
    recheckEveryMs?: number
    slowForMs?: number
    now?(): number
  }

export type SocketHandlers<TGuest> = {
  /** Answers a handshake: undefined when the socket is open, else the refusal. */
  upgrade(request: Request, server: Server<TGuest>, requestId: string): Promise<Response | undefined>
  websocket: WebSocketHandler<TGuest>
  /** Looks at once which sessions have ended, and closes their sockets. */
  recheck(): Promise<void>
  /** Asks every client to come back by itself, for a stop without a gap. */
  notifyReconnect(): void
  count(): number
  /** Closes what is open, refuses what comes, and stops looking after sessions. */
  closeAll(): void
}

/** tRPC over Bun's WebSockets: the door, the bridge, and the watch over sessions that end while a socket lives. */
export function createSocketHandlers<TRouter extends AnyRouter>(
  options: SocketOptions<TRouter>,
): SocketHandlers<Guest<inferRouterContext<TRouter>>> {
  type Visitor = Guest<inferRouterContext<TRouter>>
  const { log, now = Date.now } = options
  const open = new Set<ServerWebSocket<Visitor>>()
  let isClosing = false
  const watch = setInterval(() => void recheck(), options.recheckEveryMs ?? RECHECK_EVERY_MS)
  watch.unref()
  const room = { isClosing: () => isClosing, socketsOf, now }

  return {
    upgrade: (request, server, requestId) => upgrade(request, server, requestId, options, room),
    websocket: {
      maxPayloadLength: LARGEST_FRAME_BYTES,
      backpressureLimit: LONGEST_QUEUE_BYTES,
      closeOnBackpressureLimit: true,
      idleTimeout: IDLE_TIMEOUT_S,
      sendPings: true,
      perMessageDeflate: false,
      open(bun) {
        const socket = new Socket(bun, options.slowForMs)
        bun.data.socket = socket
        open.add(bun)
        const { requestId, agentId } = bun.data
        log.info({ requestId, agentId, sockets: open.size }, 'socket open')
        connect(options, bun.data, socket)
      },
      message(bun, message) {
        if (bun.data.maySend()) bun.data.socket?.receive(message)
        else bun.close(CLOSE.flooding, 'too many messages')
      },
      drain(bun) {
        bun.data.socket?.drained()
      },
      close(bun, code) {
        open.delete(bun)
        bun.data.socket?.ended()
        log.info({ requestId: bun.data.requestId, code, sockets: open.size }, 'socket closed')
      },
    },
    recheck,
    notifyReconnect() {
      for (const bun of open) bun.send(RECONNECT)
    },
    count: () => open.size,
    closeAll() {
      isClosing = true
      clearInterval(watch)
      for (const bun of [...open]) bun.close(CLOSE.goingAway, 'server is going away')
    },
  }

  function socketsOf(agentId: string): number {
    let count = 0
    for (const bun of open) if (bun.data.agentId === agentId) count++
    return count
  }

  /** A session that was deleted or ran out takes its sockets along. A database that is away does not. */
  async function recheck(): Promise<void> {
    const asked = [...open]
    if (asked.length === 0) return
    try {
      const live = await options.liveSessions([...new Set(asked.map((bun) => bun.data.sessionId))])
      for (const bun of asked) {
        if (!live.has(bun.data.sessionId)) bun.close(CLOSE.sessionOver, 'session is over')
      }
    } catch (error) {
      log.warn({ err: error }, 'the sessions of open sockets could not be checked')
    }
  }
}
