import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import type { Sql } from '../../../db/client.ts'
import type { SignInBook } from '../signInBook.ts'
import type { SignInTries } from '../signInTries.ts'
import { claimCode } from './claimCode.ts'
import { factorRoutes } from './factorRoutes.ts'
import { noteFactor } from './noteFactor.ts'
import { limitPasswordTries } from './passwordTries.ts'
import { pendingAgent } from './pendingAgent.ts'
import { unseal } from './unseal.ts'

export type FactorRules = {
  sql: Sql
  tries: SignInTries
  /** Null: nothing is written down. */
  book: SignInBook | null
  /** The header with the caller's address. */
  callerHeader: string
}

const WRONG = new Set(['INVALID_CODE', 'INVALID_BACKUP_CODE'])
const isAnswer = ({ path }: { path?: string }) =>
  path === '/two-factor/verify-totp' || path === '/two-factor/verify-backup-code'

/** What Baton adds to better-auth's second factor: codes that open once, limits, the audit log, and its own switch. */
export function factorRules({ sql, tries, book, callerHeader }: FactorRules) {
  const passwordTries = limitPasswordTries(tries)
  return {
    id: 'baton-factors',
    endpoints: factorRoutes(sql, () => book?.sessionEnded()),
    hooks: {
      before: [
        passwordTries.before,
        {
          matcher: isAnswer,
          handler: createAuthMiddleware(async (request) => {
            // With a session these routes would switch the second factor on by themselves, past all of our rules.
            if (await getSessionFromCtx(request))
              throw new APIError('BAD_REQUEST', { code: 'SIGNED_IN_ALREADY' })
            await lookAtCode(sql, request)
            // A browser that is asked no more would outlive a new password, and a second factor that was switched off and on.
            return { context: { body: { ...request.body, trustDevice: false, disableSession: false } } }
          }),
        },
      ],
      after: [
        passwordTries.after,
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

/** Before better-auth looks at a code: whether it was used, and whether there is anything left to compare it with. */
async function lookAtCode(
  sql: Sql,
  request: Pick<GenericEndpointContext, 'context' | 'getSignedCookie' | 'body' | 'path'>,
): Promise<void> {
  const agentId = await pendingAgent(request)
  if (agentId === null) return
  const [factor] = await sql<{ secret: string }[]>`
    select secret from two_factors where agent_id = ${agentId} and verified`
  if (factor === undefined) return
  const key = await unseal(request, factor.secret)
  if (key === null) throw new APIError('CONFLICT', { code: 'FACTOR_UNREADABLE' })
  const code: unknown = request.body?.code
  if (typeof code === 'string' && request.path === '/two-factor/verify-totp')
    await claimCode(sql, { agentId, code, key, now: new Date() })
}
