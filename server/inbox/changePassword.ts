import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { setPassword } from './passwordResets.ts'
import { Refusal } from './refusal.ts'
import { writeAudit } from './writeAudit.ts'

/** What is kept of an agent's password. Reason: WRONG_STATE for somebody who signs in without one. */
export async function passwordHashOf(sql: Queryable, agentId: string): Promise<string> {
  const [account] = await sql<{ password: string }[]>`
    select password from accounts
    where agent_id = ${agentId} and provider_id = 'credential' and password is not null`
  if (!account)
    throw new Refusal('WRONG_STATE', 'You sign in without a password, so there is none to change.')
  return account.password
}

/**
 * Replaces one's own password, after the old one was shown, and ends all sessions but the one that asks; answers with how many. Reason:
 * WRONG_STATE when it was changed in the same moment from elsewhere.
 */
export async function changePassword(
  tx: Transaction,
  agent: Agent,
  { from, to, sessionId }: { from: string; to: string; sessionId: string },
  now: Date,
): Promise<number> {
  const { workspaceId, id: actorId } = agent
  const [account] = await tx<{ password: string }[]>`
    select password from accounts where agent_id = ${actorId} and provider_id = 'credential' for update`
  if (account?.password !== from)
    throw new Refusal(
      'WRONG_STATE',
      'Your password was changed from elsewhere in this moment. Sign in again.',
    )
  await setPassword(tx, actorId, to, now)
  const { count } = await tx`delete from sessions where agent_id = ${actorId} and id <> ${sessionId}`
  await writeAudit(tx, { workspaceId, actorId, action: 'password.changed', details: { ended: count } })
  return count
}
