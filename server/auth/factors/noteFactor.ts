import type { Sql } from '../../../db/client.ts'
import { writeAudit } from '../../inbox/writeAudit.ts'
import { agentOf } from '../agentOf.ts'

/** What an agent did to the ways in which they sign in, as the audit log calls it. */
export type FactorAct =
  | 'two_factor.on'
  | 'two_factor.off'
  | 'two_factor.codes_renewed'
  | 'two_factor.code_used'
  | 'passkey.added'
  | 'passkey.removed'
  | 'single_sign_on.linked'

/** Tells the audit log; nothing when the agent is in no workspace. Neither codes nor keys are ever in `details`. */
export async function noteFactor(
  sql: Sql,
  agentId: string,
  action: FactorAct,
  details: object | null = null,
): Promise<void> {
  const agent = await agentOf(sql, agentId)
  if (agent === null) return
  const { workspaceId } = agent
  await sql.begin((tx) => writeAudit(tx, { workspaceId, actorId: agentId, action, details }))
}
