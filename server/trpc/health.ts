import { lastSeq } from '../inbox/commitWithEvents.ts'
import { memberProcedure, router } from './init.ts'

export const healthRouter = router({
  /** Whether this server can read, and where the event log stands. */
  status: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    isHealthy: true,
    lastSeq: await lastSeq(services.sql, agent.workspaceId),
    now: services.now().toISOString(),
  })),
})
