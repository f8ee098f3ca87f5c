import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { reachOf } from '../inbox/policy.ts'
import { retryMedia } from '../inbox/retryMedia.ts'
import { memberProcedure, router } from './init.ts'

export const mediaRouter = router({
  /** Has a file fetched again, now. */
  retry: memberProcedure
    .input(z.object({ mediaId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.work')
      const media = await repeatable(services.sql, (tx) =>
        retryMedia(tx, input.mediaId, reach, services.now()),
      )
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('jobs')
      return { media }
    }),
})
