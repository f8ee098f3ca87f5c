import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { countLabelled } from '../inbox/countLabelled.ts'
import { readLabels, removeLabel, saveLabel } from '../inbox/labels.ts'
import { demand } from '../inbox/policy.ts'
import { LABEL_COLOURS } from '../inbox/snapshot.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

/** Words that conversations are marked with: `conversations.label`. */
export const labelsRouter = router({
  /** All of the workspace, by name. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    labels: await readLabels(services.sql, agent.workspaceId),
  })),

  /** Makes one; with `labelId`, renames and recolours that one (administrators). Refused with NAME_TAKEN. */
  save: memberProcedure
    .input(
      z.object({
        labelId: z.uuid().optional(),
        name: z.string().overwrite(storable).trim().min(1).max(40),
        colour: z.enum(LABEL_COLOURS),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const label = await repeatable(services.sql, (tx) => saveLabel(tx, agent, input))
      services.bell.ring('events', agent.workspaceId)
      return { label }
    }),

  /** How many conversations have one, counted to 10,000: what to know before it is removed. */
  uses: memberProcedure
    .input(z.object({ labelId: z.uuid() }))
    .query(async ({ ctx: { agent, services }, input }) => {
      demand(agent, 'labels.manage')
      return {
        conversations: await countLabelled(services.sql, { ...input, workspaceId: agent.workspaceId }),
      }
    }),

  /** Removes one: conversations that had it show it no more (administrators). */
  remove: memberProcedure
    .input(z.object({ labelId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await repeatable(services.sql, (tx) => removeLabel(tx, agent, input))
      services.bell.ring('events', agent.workspaceId)
      return {}
    }),
})
