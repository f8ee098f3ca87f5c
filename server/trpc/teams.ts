import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { readTeams, removeTeam, saveTeam } from '../inbox/teams.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

const ids = z.array(z.uuid()).max(1000)

/** Who works together, and which channels they answer. */
export const teamsRouter = router({
  /** All of the workspace, with their members and channels. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    teams: await readTeams(services.sql, agent.workspaceId),
  })),

  /** Makes one; with `teamId`, gives that one this name, these members and these channels. Refused with NAME_TAKEN. */
  save: memberProcedure
    .input(
      z.object({
        teamId: z.uuid().optional(),
        name: z.string().overwrite(storable).trim().min(1).max(80),
        memberIds: ids,
        channelIds: ids,
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const team = await repeatable(services.sql, (tx) => saveTeam(tx, agent, input))
      services.bell.ring('events', agent.workspaceId)
      return { team }
    }),

  /** Removes one: `returned` conversations that it was given go back to the queue. */
  remove: memberProcedure
    .input(z.object({ teamId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const answer = await repeatable(services.sql, (tx) => removeTeam(tx, agent, input.teamId))
      services.bell.ring('events', agent.workspaceId)
      return answer
    }),
})
