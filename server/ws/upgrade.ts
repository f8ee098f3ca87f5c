import type { Server } from 'bun'
import type { Log } from '../log.ts'
import { admit, type Doorkeeper } from './admit.ts'
import { messageBudget } from './messageBudget.ts'
import type { Guest, Seat } from './seat.ts'

/** Tabs of one agent. More is a program that runs wild, and each one costs memory here. */
const SOCKETS_PER_AGENT = 50

/** What the context of a socket is made from. */
export type SocketCaller = Seat & {
  headers: Headers
  /** Resolves when the socket has taken what was sent before. */
  whenDrained(): Promise<void>
}

export type UpgradeOptions<TContext> = Doorkeeper & {
  /** Runs before the upgrade, once for each socket; when it throws, the handshake is answered with 503. */
  createContext(caller: SocketCaller): TContext | Promise<TContext>
  log: Log
}

/** What the door has to know of the sockets that are open. */
export type Room = { isClosing(): boolean; socketsOf(agentId: string): number; now(): number }

/** Answers a handshake: undefined when the socket is open, else the refusal. */
export async function upgrade<TContext>(
  request: Request,
  server: Server<Guest<TContext>>,
  requestId: string,
  options: UpgradeOptions<TContext>,
  room: Room,
): Promise<Response | undefined> {
  const { log } = options
  const refuse = (status: number, reason: string) => {
    log.info({ requestId, status, reason }, 'socket refused')
    return Response.json({ error: reason, requestId }, { status })
  }

  const admission = await admit(request.headers, options)
  if ('refused' in admission) return refuse(admission.refused.status, admission.refused.reason)
  const { session } = admission
  if (room.isClosing()) return refuse(503, 'closing')
  if (room.socketsOf(session.agentId) >= SOCKETS_PER_AGENT) return refuse(429, 'too_many_sockets')

  const url = new URL(request.url)
  const seat: Seat = { ...session, requestId, url: url.pathname + url.search }
  let guest: Guest<TContext> | null = null
  const whenDrained = async () => guest?.socket?.whenDrained()
  let context: TContext
  try {
    context = await options.createContext({ ...seat, headers: request.headers, whenDrained })
  } catch (error) {
    log.error({ err: error, requestId }, 'no context for a socket')
    return refuse(503, 'unavailable')
  }
  guest = { ...seat, context, socket: null, maySend: messageBudget(room.now) }
  return server.upgrade(request, { data: guest }) ? undefined : refuse(400, 'not_a_websocket')
}
