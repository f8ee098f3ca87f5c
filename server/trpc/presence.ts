import { z } from 'zod'
import { memberProcedure, router } from './init.ts'

const tabId = z.uuid()

/** Who is here, and who is typing. Soft: kept for seconds, and never stored. */
export const presenceRouter = router({
  /** Says that a tab is open and what it shows; again every 10 seconds, and at once when something changes. */
  join: memberProcedure
    .input(z.object({ tabId, conversationId: z.uuid().nullable(), isAway: z.boolean().default(false) }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await services.presence.join(agent, input)
      return {}
    }),

  leave: memberProcedure.input(z.object({ tabId })).mutation(async ({ ctx: { agent, services }, input }) => {
    await services.presence.leave(agent, input.tabId)
    return {}
  }),

  /**
   * Shown to colleagues for 5 seconds: say it again while the typing goes on, every 2 to 3 seconds. The customer sees it too,
   * where they get blue ticks.
   */
  typing: memberProcedure
    .input(z.object({ tabId, conversationId: z.uuid(), isTyping: z.boolean() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await services.presence.typing(agent, input)
      if (input.isTyping) services.receipts.showTyping(input.conversationId)
      return {}
    }),
})
