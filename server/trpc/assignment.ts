import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { readRules, saveRule } from '../inbox/assignmentRules.ts'
import { memberProcedure, router } from './init.ts'

const MOST_OPEN = 1000
const LONGEST_MINUTES = 7 * 24 * 60

/** How conversations find their agent. The rule of a team comes before that of the channel. */
export const assignmentRouter = router({
  /** The rules there are. Without one, conversations of a channel are assigned by hand. */
  rules: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    rules: await readRules(services.sql, agent.workspaceId),
  })),

  /**
   * Makes or changes the rule of a channel or a team (one of the two ids): in turns or to whoever has least, up to `capacity` open
   * ones each, and on to somebody else when it was not answered for `returnAfterMinutes`.
   */
  saveRule: memberProcedure
    .input(
      z
        .object({
          channelId: z.uuid().nullable().default(null),
          teamId: z.uuid().nullable().default(null),
          method: z.enum(['hand', 'round_robin', 'least_busy']),
          capacity: z.number().int().min(1).max(MOST_OPEN).nullable().default(null),
          skipsAway: z.boolean().default(true),
          returnAfterMinutes: z.number().int().min(1).max(LONGEST_MINUTES).nullable().default(null),
        })
        .refine(({ channelId, teamId }) => (channelId === null) !== (teamId === null), {
          message: 'Give either `channelId` or `teamId`.',
        }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => ({
      rule: await repeatable(services.sql, (tx) => saveRule(tx, agent, input)),
    })),
})
