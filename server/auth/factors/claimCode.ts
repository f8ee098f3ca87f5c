import { APIError } from 'better-auth/api'
import type { Sql } from '../../../db/client.ts'
import { stepOf } from './totp.ts'

/**
 * A code of the app opens once (RFC 6238, 5.2): who looked over a shoulder has it half a minute too long. better-auth does not
 * remember, so this stands before it: one statement takes the step of a right code, and a step that was taken, or one before it,
 * is answered like a wrong code. Wrong codes go on to better-auth, which counts them.
 */
export async function claimCode(
  sql: Sql,
  { agentId, code, key, now }: { agentId: string; code: string; key: string; now: Date },
): Promise<void> {
  const step = stepOf(code, key, now.getTime())
  if (step === null) return
  const taken = await sql`
    update two_factors set last_step = ${step}
    where agent_id = ${agentId} and (last_step is null or last_step < ${step}) returning id`
  if (taken.length === 0) throw wrongCode()
}

/** What a code is answered with that is not right, or not right any more. */
export function wrongCode(): APIError {
  return new APIError('UNAUTHORIZED', { code: 'INVALID_CODE', message: 'Invalid code' })
}
