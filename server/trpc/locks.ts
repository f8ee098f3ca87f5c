import { z } from 'zod'
import { memberProcedure, router } from './init.ts'

const conversationId = z.uuid()
/** Made up by the tab when it first opens, and kept through a reload. */
const tabId = z.uuid()
const fence = z.number().int().positive()
/** Above the longest text that WhatsApp takes: a draft may still have to be cut. */
const LONGEST_DRAFT = 10_000

/** The reply locks. Each one is refused with NOT_FOUND for a conversation out of reach. */
export const locksRouter = router({
  /** Takes the lock when nobody else holds it; whoever holds it already shares it with their other tabs. */
  acquire: memberProcedure
    .input(z.object({ conversationId, tabId }))
    .mutation(async ({ ctx: { agent, services }, input }) => ({
      lock: await services.locks.acquire(agent, input),
    })),

  /** Keeps it for another 30 seconds. Refused with LOCK_LOST when it is gone: it never comes back by itself. */
  heartbeat: memberProcedure
    .input(z.object({ conversationId, tabId, fence }))
    .mutation(async ({ ctx: { agent, services }, input }) => ({
      lock: await services.locks.heartbeat(agent, input),
    })),

  /** Gives it back, for this tab. Nothing happens when it is gone already. */
  release: memberProcedure
    .input(z.object({ conversationId, tabId, fence }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await services.locks.release(agent, input)
      return {}
    }),

  /** Takes it from whoever holds it; they are told at once. */
  takeover: memberProcedure
    .input(z.object({ conversationId, tabId }))
    .mutation(async ({ ctx: { agent, services }, input }) => ({
      lock: await services.locks.takeover(agent, input),
    })),

  /** The one who lost the lock gives the draft to whoever holds it now. */
  handOver: memberProcedure
    .input(z.object({ conversationId, text: z.string().min(1).max(LONGEST_DRAFT) }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await services.locks.handOver(agent, input)
      return {}
    }),

  /** Who holds what, as far as the agent may see. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    locks: await services.locks.list(agent),
  })),
})
