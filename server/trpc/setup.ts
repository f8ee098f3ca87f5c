import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { createPasswordHash, LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../auth/password.ts'
import { foundInbox, nameToFound } from '../inbox/foundInbox.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { Services } from './context.ts'
import { publicProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

const token = z.string().min(20).max(100)
const name = z.string().overwrite(storable).trim().min(1).max(120)

/** The first owner, by the link that the server prints while nobody works here. */
export const setupRouter = router({
  /** Whether the link is right, and what the workspace is called already. Refused with NOT_FOUND once somebody works here. */
  link: publicProcedure.input(z.object({ token })).query(async ({ ctx: { services }, input }) => {
    await demandLink(services, input.token)
    return { workspaceName: await nameToFound(services.sql) }
  }),

  /** Makes the workspace and its owner, who signs in with `email` afterwards. The link works no more. */
  found: publicProcedure
    .input(
      z.object({
        token,
        workspaceName: name,
        name,
        email: z.email().max(254),
        password: z.string().min(SHORTEST_PASSWORD).max(LONGEST_PASSWORD),
      }),
    )
    .mutation(async ({ ctx: { services }, input: { token: given, password, ...founding } }) => {
      await demandLink(services, given)
      const channel = services.firstChannel
      const passwordHash = await createPasswordHash(password)
      return repeatable(services.sql, (tx) => foundInbox(tx, { ...founding, passwordHash, channel }))
    }),
})

async function demandLink({ firstLink }: Services, given: string): Promise<void> {
  if (!(await firstLink.isRight(given)))
    throw new Refusal('NOT_FOUND', 'This link is not right, or somebody has set this inbox up already.')
}
