import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { channelsInReach } from '../inbox/policy.ts'
import { channelsById } from '../inbox/readChannels.ts'
import { resumeChannel } from '../inbox/resumeChannels.ts'
import { memberProcedure, router } from './init.ts'

/** The WhatsApp numbers of the company. */
export const channelsRouter = router({
  /** Those that the agent may see, with their settings, and whether they can send. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    channels: await channelsById(services.sql, await channelsInReach(services.sql, agent)),
  })),

  /** Starts a channel again that had stopped: what waits in its line goes out (administrators). */
  resume: memberProcedure
    .input(z.object({ channelId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const channelIds = await channelsInReach(services.sql, agent)
      const channel = await repeatable(services.sql, (tx) =>
        resumeChannel(tx, { ...input, agent, channelIds }),
      )
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('outbox')
      return { channel }
    }),
})
