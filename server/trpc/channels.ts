import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { channelsInReach, reachOf } from '../inbox/policy.ts'
import { channelsById } from '../inbox/readChannels.ts'
import { resumeChannel } from '../inbox/resumeChannels.ts'
import { LONGEST_STOP_WORD } from '../inbox/stopWords.ts'
import {
  LEAST_RETENTION_DAYS,
  LONGEST_CHANNEL_NAME,
  MOST_RETENTION_DAYS,
  updateChannel,
} from '../inbox/updateChannel.ts'
import { channelConnectionProcedures } from './channelConnection.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

/** The WhatsApp numbers of the company. */
export const channelsRouter = router({
  ...channelConnectionProcedures,

  /** Those that the agent may see, with their settings, and whether they can send. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    channels: await channelsById(services.sql, await channelsInReach(services.sql, agent)),
  })),

  /** Changes what the team decides of a channel (administrators). What is not given stays as it is. */
  update: memberProcedure
    .input(
      z.object({
        channelId: z.uuid(),
        name: z.string().overwrite(storable).trim().min(1).max(LONGEST_CHANNEL_NAME).optional(),
        readReceipts: z.enum(['when_opened', 'when_answered', 'never']).optional(),
        visibility: z.enum(['channel', 'assigned']).optional(),
        throughputPerSecond: z.number().int().min(1).max(1000).optional(),
        /** Messages older than so many days are removed, once a day; null keeps them. */
        retentionDays: z
          .number()
          .int()
          .min(LEAST_RETENTION_DAYS)
          .max(MOST_RETENTION_DAYS)
          .nullable()
          .optional(),
        stopWords: z
          .array(z.string().overwrite(storable).trim().min(1).max(LONGEST_STOP_WORD))
          .max(50)
          .optional(),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input: { channelId, ...settings } }) => {
      const { channelIds } = await reachOf(services.sql, agent, 'channels.manage')
      const channel = await repeatable(services.sql, (tx) =>
        updateChannel(tx, { agent, channelIds, channelId, settings }),
      )
      services.bell.ring('events', agent.workspaceId)
      return { channel }
    }),

  /** Starts a channel again that had stopped: what waits in its line goes out (administrators). */
  resume: memberProcedure
    .input(z.object({ channelId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const { channelIds } = await reachOf(services.sql, agent, 'channels.manage')
      const channel = await repeatable(services.sql, (tx) =>
        resumeChannel(tx, { ...input, agent, channelIds }),
      )
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('outbox')
      return { channel }
    }),
})
