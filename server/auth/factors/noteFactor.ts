import type { Transaction } from '../../../db/client.ts'
import { writeAudit } from '../../inbox/writeAudit.ts'

/** What an agent did to the ways in which they sign in, as the audit log calls it. */
export type FactorAct =
  | 'two_factor.on'
  | 'two_factor.off'
  | 'two_factor.codes_renewed'
  | 'passkey.added'
  | 'passkey.removed'
  | 'single_sign_on.linked'

/** Tells the audit log; nothing when the agent is in no workspace. Neither codes nor keys are ever in `details`. */
export async function noteFactor(
  tx: Transaction,
  agentId: string,
  action: FactorAct,
  details: object | null = null,
): Promise<void> {
  const [member] = await tx<{ workspaceId: string }[]>`
    select workspace_id from memberships where agent_id = ${agentId} and deactivated_at is null
    order by created_at, workspace_id limit 1`
  if (member) await writeAudit(tx, { ...member, actorId: agentId, action, details })
}
