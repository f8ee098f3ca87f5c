import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { Refusal } from './refusal.ts'
import { lockMembers } from './updateMembers.ts'
import { writeAudit } from './writeAudit.ts'

/**
 * For a colleague whose phone and recovery codes are gone: their second factor and passkeys are forgotten, the password alone signs
 * them in again, and they are signed out everywhere, for the phone may be in other hands. Reasons: NOT_FOUND, FORBIDDEN (somebody who
 * may more than whoever asks), WRONG_STATE.
 */
export async function removeFactors(tx: Transaction, agent: Agent, agentId: string): Promise<void> {
  const { workspaceId, id: actorId } = agent
  if (agentId === actorId)
    throw new Refusal('WRONG_STATE', 'Change your own second factor under Settings, Security.')
  const [member] = await lockMembers(tx, agent, [agentId])
  const factors = await tx`delete from two_factors where agent_id = ${agentId} returning id`
  const passkeys = await tx`delete from passkeys where agent_id = ${agentId} returning id`
  if (factors.length + passkeys.length === 0)
    throw new Refusal('WRONG_STATE', 'They have neither a second factor nor a passkey.')
  await tx`update agents set two_factor_enabled = false where id = ${agentId}`
  await tx`delete from sessions where agent_id = ${agentId}`
  const details = { agentId, name: member?.name ?? '', passkeys: passkeys.length }
  await writeAudit(tx, { workspaceId, actorId, action: 'person.factors_removed', details })
}
