import { z } from 'zod'
import { makeApiKey } from '../auth/apiKey.ts'
import { SCOPES } from '../inbox/apiKey.ts'
import { createApiKey } from '../inbox/createApiKey.ts'
import { apiKeysOf, membersOf } from '../inbox/readApiKeys.ts'
import { Refusal } from '../inbox/refusal.ts'
import { revokeApiKey } from '../inbox/revokeApiKey.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

/** Keys for programs. See `server/auth/credential.ts` for what happens with a request that brings one. */
export const apiKeysRouter = router({
  /** The keys of the workspace, the newest first, ended ones included, and whom a new key could act as. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => {
    const [apiKeys, agents] = await Promise.all([
      apiKeysOf(services.sql, agent.workspaceId),
      membersOf(services.sql, agent.workspaceId),
    ])
    return { apiKeys, agents }
  }),

  /**
   * Makes a key that acts as an agent, within its scopes. `key` is shown this once: only its hash is kept. A key can not make
   * another one that may do more than itself.
   */
  create: memberProcedure
    .input(
      z.object({
        name: z.string().overwrite(storable).trim().min(1).max(80),
        agentId: z.uuid(),
        scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
        expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
      }),
    )
    .mutation(async ({ ctx: { agent, scopes, services }, input }) => {
      const beyond = scopes === null ? [] : input.scopes.filter((scope) => !scopes.includes(scope))
      if (beyond.length > 0) {
        throw new Refusal('SCOPE_MISSING', `This API key has not the scope ${beyond.join(', ')} to give.`)
      }
      const { key, prefix, hash } = makeApiKey()
      const apiKey = await services.sql.begin((tx) =>
        createApiKey(tx, {
          ...input,
          scopes: SCOPES.filter((scope) => input.scopes.includes(scope)),
          expiresAt: input.expiresAt === null ? null : new Date(input.expiresAt),
          workspaceId: agent.workspaceId,
          createdById: agent.id,
          prefix,
          hash,
        }),
      )
      return { apiKey, key }
    }),

  /** Ends a key for good: its next call is refused, and its open streams end within a second or so. */
  revoke: memberProcedure
    .input(z.object({ id: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input: { id } }) => {
      const { workspaceId, id: revokedById } = agent
      const apiKey = await services.sql.begin((tx) =>
        revokeApiKey(tx, { workspaceId, id, revokedById, now: services.now() }),
      )
      return { apiKey }
    }),
})
