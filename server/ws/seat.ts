import type { Session } from '../auth/session.ts'
import type { Socket } from './socket.ts'

/** Who sits at a socket, as its handshake found out. */
export type Seat = Session & {
  /** Names the socket in the log. */
  requestId: string
  /** The path and query of the handshake, as tRPC reads it (`?connectionParams=1`). */
  url: string
}

/** A seat, with what the socket needs while it lives: Bun keeps it in `ws.data`. */
export type Guest<TContext> = Seat & {
  context: TContext
  /** Null until the socket has opened. */
  socket: Socket | null
  /** Whether it may send one more frame. */
  maySend(): boolean
}
