import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { deviceOf, isHandheld } from '../auth/deviceOf.ts'
import { IDLE_LIFE_MS } from '../auth/session.ts'
import { endOtherSessions, endSession, readSessions } from '../inbox/sessions.ts'
import { ownProcedure, router } from './init.ts'

/** The browsers in which one is signed in. Nobody sees those of others; a key has none. */
export const sessionsRouter = router({
  /** One's own sessions, the one used last first. Of addresses only the network is kept. */
  list: ownProcedure.query(async ({ ctx: { agent, sessionId, services } }) => {
    const now = services.now()
    const usedSince = new Date(now.getTime() - IDLE_LIFE_MS)
    const rows = await readSessions(services.sql, agent.id, { now, usedSince })
    const sessions = rows.map(({ userAgent, createdAt, seenAt, ...row }) => ({
      ...row,
      ...deviceOf(userAgent),
      isHandheld: isHandheld(userAgent),
      isThis: row.id === sessionId,
      createdAt: createdAt.toISOString(),
      seenAt: (row.id === sessionId ? now : seenAt).toISOString(),
    }))
    return { sessions }
  }),

  /** Ends one of one's own sessions: its sockets and streams end within a second. */
  end: ownProcedure
    .input(z.object({ sessionId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await repeatable(services.sql, (tx) => endSession(tx, agent, input.sessionId))
      services.bell.ring('sessions')
      return {}
    }),

  /** Ends all of one's sessions but this one; `ended`: how many. */
  endOthers: ownProcedure.mutation(async ({ ctx: { agent, sessionId, services } }) => {
    const ended = await repeatable(services.sql, (tx) => endOtherSessions(tx, agent, sessionId))
    services.bell.ring('sessions')
    return { ended }
  }),
})
