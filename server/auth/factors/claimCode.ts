import { APIError, createAuthMiddleware } from 'better-auth/api'
import { symmetricDecrypt } from 'better-auth/crypto'
import type { Sql } from '../../../db/client.ts'
import { stepOf } from './totp.ts'

/**
 * A code of the app opens once (RFC 6238, 5.2): who looked over a shoulder has it half a minute too long. better-auth does not
 * remember, so this stands before it: one statement takes the step of a right code, and a step that was taken, or one before it,
 * is answered like a wrong code. Wrong codes go on to better-auth, which counts them.
 */
export function claimCode(sql: Sql) {
  return {
    matcher: ({ path }: { path?: string }) => path === '/two-factor/verify-totp',
    handler: createAuthMiddleware(async (request) => {
      const cookie = request.context.createAuthCookie('two_factor')
      const challenge = await request.getSignedCookie(cookie.name, request.context.secret)
      if (!challenge) return
      const pending = await request.context.internalAdapter.findVerificationValue(challenge)
      const code: unknown = request.body?.code
      if (!pending || typeof code !== 'string') return
      const agentId = pending.value
      const [factor] = await sql<{ secret: string }[]>`
        select secret from two_factors where agent_id = ${agentId} and verified`
      if (factor === undefined) return
      const key = request.context.secretConfig
      const step = stepOf(code, await symmetricDecrypt({ key, data: factor.secret }), Date.now())
      if (step === null) return
      const taken = await sql`
        update two_factors set last_step = ${step}
        where agent_id = ${agentId} and (last_step is null or last_step < ${step}) returning id`
      if (taken.length === 0)
        throw new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'Invalid code' })
    }),
  }
}
