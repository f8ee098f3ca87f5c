import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { channelsInReach } from '../inbox/policy.ts'
import { setOptOut } from '../inbox/setOptOut.ts'
import { memberProcedure, router } from './init.ts'

export const contactsRouter = router({
  /** Keeps that a contact wants no marketing, or wants it again. Templates of that category are refused meanwhile. */
  setOptOut: memberProcedure
    .input(z.object({ contactId: z.uuid(), isOptedOut: z.boolean() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const channelIds = await channelsInReach(services.sql, agent)
      const contact = await repeatable(services.sql, (tx) =>
        setOptOut(tx, { ...input, channelIds }, services.now()),
      )
      services.bell.ring('events', agent.workspaceId)
      return { contact }
    }),
})
