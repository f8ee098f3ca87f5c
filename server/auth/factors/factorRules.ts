import type { BetterAuthPlugin } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { symmetricDecrypt } from 'better-auth/crypto'
import type { Sql } from '../../../db/client.ts'
import type { SignInBook } from '../signInBook.ts'
import { claimCode } from './claimCode.ts'
import { factorRoutes } from './factorRoutes.ts'
import { noteFactor } from './noteFactor.ts'
import { limitPasswordTries } from './passwordTries.ts'
import { pendingAgent } from './pendingAgent.ts'

export type FactorRules = {
  sql: Sql
  /** Null: nothing is written down. */
  book: SignInBook | null
  /** The header with the caller's address. */
  callerHeader: string
}

const WRONG = new Set(['INVALID_CODE', 'INVALID_BACKUP_CODE'])
const isAnswer = ({ path }: { path?: string }) =>
  path === '/two-factor/verify-totp' || path === '/two-factor/verify-backup-code'

/** What Baton adds to better-auth's second factor: codes that open once, limits, the audit log, and its own switch. */
export function factorRules({ sql, book, callerHeader }: FactorRules) {
  return {
    id: 'baton-factors',
    endpoints: factorRoutes(sql, () => book?.sessionEnded()),
    hooks: {
      before: [
        limitPasswordTries(),
        {
          matcher: isAnswer,
          handler: createAuthMiddleware(async (request) => {
            // With a session these routes would switch the second factor on by themselves, past all of our rules.
            if (await getSessionFromCtx(request))
              throw new APIError('BAD_REQUEST', { code: 'SIGNED_IN_ALREADY' })
            const agentId = await pendingAgent(request)
            const code: unknown = request.body?.code
            if (agentId !== null && typeof code === 'string' && request.path === '/two-factor/verify-totp') {
              const key = request.context.secretConfig
              const keyOf = (data: string) => symmetricDecrypt({ key, data })
              await claimCode(sql, { agentId, code, keyOf, now: new Date() })
            }
            // A browser that is asked no more would outlive a new password, and a second factor that was switched off and on.
            return { context: { body: { ...request.body, trustDevice: false, disableSession: false } } }
          }),
        },
      ],
      after: [
        {
          matcher: isAnswer,
          handler: createAuthMiddleware(async (request) => {
            const { returned } = request.context
            if (!book || !(returned instanceof APIError) || !WRONG.has(String(returned.body?.code))) return
            const agentId = await pendingAgent(request)
            if (agentId === null) return
            const address = request.headers?.get(callerHeader) ?? ''
            await book.failed(agentId, 'wrong_code', {
              address,
              userAgent: request.headers?.get('user-agent') ?? null,
            })
          }),
        },
        {
          matcher: ({ path }) => path === '/two-factor/generate-backup-codes',
          handler: createAuthMiddleware(async ({ context }) => {
            const agentId = context.session?.user.id
            if (agentId === undefined || context.returned instanceof APIError) return
            await sql.begin((tx) => noteFactor(tx, agentId, 'two_factor.codes_renewed'))
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin
}
