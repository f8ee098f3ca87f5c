import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { channelsInReach } from '../inbox/policy.ts'
import { retryMedia } from '../inbox/retryMedia.ts'
import { memberProcedure, router } from './init.ts'

export const mediaRouter = router({
  /** Has a file fetched again, now. */
  retry: memberProcedure
    .input(z.object({ mediaId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const channelIds = await channelsInReach(services.sql, agent)
      const media = await repeatable(services.sql, (tx) =>
        retryMedia(tx, input.mediaId, channelIds, services.now()),
      )
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('jobs')
      return { media }
    }),
})
