import type { Sql, Transaction } from '../../../db/client.ts'
import { type RenewedSession, renewSession } from '../renewSession.ts'
import { noteFactor } from './noteFactor.ts'

/** Whose second factor, and the session at hand. It gets another token and keeps its id, so that the tab keeps its socket. */
export type Switching = { agentId: string; sessionId: string; now: Date }

/**
 * Switches the second factor on: `step` is that of the code that proved it, which signs in nobody. Every other session ends, for
 * it was opened without the second factor. Null: there is nothing to switch on any more.
 */
export async function switchOn(
  sql: Sql,
  { agentId, sessionId, now }: Switching,
  step: number,
): Promise<RenewedSession | null> {
  return sql.begin(async (tx) => {
    const proved = await tx`
      update two_factors set verified = true, last_step = ${step}
      where agent_id = ${agentId} and not verified returning id`
    if (proved.length === 0) return null
    await tx`delete from sessions where agent_id = ${agentId} and id <> ${sessionId}`
    return markAs(tx, true, { agentId, sessionId, now })
  })
}

/** Switches it off: key and recovery codes are forgotten. */
export async function switchOff(sql: Sql, switching: Switching): Promise<RenewedSession | null> {
  return sql.begin(async (tx) => {
    const gone =
      await tx`delete from two_factors where agent_id = ${switching.agentId} and verified returning id`
    return gone.length === 0 ? null : markAs(tx, false, switching)
  })
}

async function markAs(
  tx: Transaction,
  isOn: boolean,
  { agentId, sessionId, now }: Switching,
): Promise<RenewedSession | null> {
  await tx`update agents set two_factor_enabled = ${isOn} where id = ${agentId}`
  await noteFactor(tx, agentId, isOn ? 'two_factor.on' : 'two_factor.off')
  return renewSession(tx, sessionId, now)
}
