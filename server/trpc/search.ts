import { z } from 'zod'
import { placeInReach } from '../inbox/placeInReach.ts'
import { reachOf } from '../inbox/policy.ts'
import { search } from '../inbox/search.ts'
import { positionCursor } from './cursors.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

export const searchRouter = router({
  /**
   * Finds messages, notes and contacts that have all these words, or words that begin with them, wherever whoever asks may look.
   * Each hit has its place: `messages.list` with `around: message.id` jumps there. `isBehind`: what is new may not be found yet.
   */
  query: memberProcedure
    .input(
      z.object({
        text: z.string().max(200).overwrite(storable).trim().min(1),
        among: z.enum(['all', 'messages', 'notes', 'contacts']).default('all'),
        conversationId: z.uuid().optional(),
        cursor: positionCursor.optional(),
        limit: z.number().int().min(1).max(50).default(20),
      }),
    )
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      if (input.conversationId) await placeInReach(services.sql, input.conversationId, reach)
      return search(services.sql, { ...input, workspaceId: agent.workspaceId, reach }, input)
    }),
})
