import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthEndpoint, createAuthMiddleware, sessionMiddleware } from 'better-auth/api'
import { symmetricDecrypt } from 'better-auth/crypto'
import { z } from 'zod'
import type { Sql } from '../../../db/client.ts'
import { claimCode } from './claimCode.ts'
import { noteFactor } from './noteFactor.ts'
import { limitPasswordTries } from './passwordTries.ts'

const codes = z.array(z.string())

/** What Baton adds to better-auth's second factor: codes that open once, limits, the audit log, and how it stands. */
export function factorRules(sql: Sql) {
  return {
    id: 'baton-factors',
    endpoints: {
      /** How the second factor of whoever asks stands. Says how many recovery codes are left, never which. */
      twoFactorState: createAuthEndpoint(
        '/two-factor/state',
        { method: 'GET', use: [sessionMiddleware] },
        async (request) => {
          const agentId = request.context.session.user.id
          const [factor] = await sql<{ backupCodes: string; createdAt: Date }[]>`
            select f.backup_codes, f.created_at from two_factors f join agents a on a.id = f.agent_id
            where f.agent_id = ${agentId} and f.verified and a.two_factor_enabled`
          if (factor === undefined) return request.json({ isOn: false, codesLeft: 0 })
          const key = request.context.secretConfig
          const left = codes.parse(JSON.parse(await symmetricDecrypt({ key, data: factor.backupCodes })))
          return request.json({ isOn: true, codesLeft: left.length })
        },
      ),
    },
    hooks: {
      before: [
        {
          // A browser that is asked no more would outlive a new password, and a second factor that was switched off and on.
          matcher: ({ body }) => body?.trustDevice !== undefined,
          handler: createAuthMiddleware(async ({ body }) => ({
            context: { body: { ...body, trustDevice: false } },
          })),
        },
        claimCode(sql),
        limitPasswordTries(),
      ],
      after: [
        {
          matcher: ({ path }) =>
            path === '/two-factor/generate-backup-codes' || path === '/two-factor/verify-backup-code',
          handler: createAuthMiddleware(async ({ path, context }) => {
            if (context.returned instanceof APIError) return
            const agentId = context.newSession?.user.id ?? context.session?.user.id
            if (agentId === undefined) return
            const isUse = path === '/two-factor/verify-backup-code'
            await noteFactor(sql, agentId, isUse ? 'two_factor.code_used' : 'two_factor.codes_renewed')
          }),
        },
      ],
    },
    init: () => ({
      options: {
        databaseHooks: {
          user: {
            update: {
              /**
               * Switching on ends every session that was opened without the second factor; better-auth opens a new one for
               * whoever switched it on.
               */
              after: async ({ id }: { id: string }, request?: { path?: string } | null) => {
                if (request?.path === '/two-factor/disable') await noteFactor(sql, id, 'two_factor.off')
                if (request?.path !== '/two-factor/verify-totp') return
                await sql`delete from sessions where agent_id = ${id}`
                await noteFactor(sql, id, 'two_factor.on')
              },
            },
          },
        },
      },
    }),
  } satisfies BetterAuthPlugin
}
