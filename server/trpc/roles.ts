import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { readRoles, removeRole, saveRole } from '../inbox/customRoles.ts'
import { PERMISSIONS, RELATIONS } from '../inbox/role.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

/** What people may do. The built-in roles stand fixed; a workspace adds its own. */
export const rolesRouter = router({
  /** All of them, with what each allows and how many have it. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    roles: await readRoles(services.sql, agent.workspaceId),
  })),

  /** Makes one; with `roleId`, changes that one for all who have it. Nobody gives a role more than they have. */
  save: memberProcedure
    .input(
      z.object({
        roleId: z.uuid().optional(),
        name: z.string().overwrite(storable).trim().min(1).max(60),
        reach: z.enum(RELATIONS),
        permissions: z.array(z.enum(PERMISSIONS)).max(PERMISSIONS.length),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const role = await repeatable(services.sql, (tx) => saveRole(tx, agent, input, services.now()))
      services.bell.ring('events', agent.workspaceId)
      return { role }
    }),

  /** Removes one that nobody has. Refused with WRONG_STATE. */
  remove: memberProcedure
    .input(z.object({ roleId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await repeatable(services.sql, (tx) => removeRole(tx, agent, input.roleId))
      services.bell.ring('events', agent.workspaceId)
      return {}
    }),
})
