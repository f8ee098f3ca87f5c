import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { Refusal } from './refusal.ts'
import { lockMembers } from './updateMembers.ts'
import { writeAudit } from './writeAudit.ts'

/** How long a link to a new password works. The pages and the mail say so too. */
export const RESET_MS = 60 * 60 * 1000

type Somebody = { agentId: string; workspaceId: string; name: string; email: string }

/**
 * A link to a new password that an administrator gives to somebody by hand. The one before works no more. Reasons: NOT_FOUND, FORBIDDEN
 * (somebody who may more than whoever asks), WRONG_STATE.
 */
export async function makeResetLink(
  tx: Transaction,
  agent: Agent,
  { agentId, hash }: { agentId: string; hash: string },
  now: Date,
): Promise<{ expiresAt: string }> {
  const { workspaceId, id: actorId } = agent
  if (agentId === actorId)
    throw new Refusal('WRONG_STATE', 'Change your own password under Settings, Security.')
  const [member] = await lockMembers(tx, agent, [agentId])
  const somebody = await withPassword(tx, { agentId })
  if (!member || !somebody)
    throw new Refusal(
      'WRONG_STATE',
      'They can not sign in with a password: they are deactivated, or have none.',
    )
  await tx`delete from password_resets where agent_id = ${agentId} and made_by_id is not null`
  const expiresAt = await keep(tx, { agentId, hash, madeById: actorId }, now)
  const details = { agentId, name: member.name, expiresAt }
  await writeAudit(tx, { workspaceId, actorId, action: 'password.link_made', details })
  return { expiresAt }
}

/** A link to a new password for whoever has this address; null: nobody, and nothing is to be sent. */
export async function makeMailedReset(
  tx: Transaction,
  { email, hash }: { email: string; hash: string },
  now: Date,
): Promise<{ name: string; email: string } | null> {
  const somebody = await withPassword(tx, { email })
  if (!somebody) return null
  const { agentId, workspaceId, name } = somebody
  await tx`delete from password_resets where agent_id = ${agentId} and expires_at <= ${now.toISOString()}`
  await keep(tx, { agentId, hash, madeById: null }, now)
  await writeAudit(tx, {
    workspaceId,
    actorId: null,
    action: 'password.mail_asked',
    details: { agentId, name },
  })
  return { name, email: somebody.email }
}

/** Whose password a link sets. Reason: NOT_FOUND when it was used or is over. */
export async function readReset(
  sql: Queryable,
  hash: string,
  now: Date,
): Promise<Somebody & { isMailed: boolean }> {
  const [reset] = await sql<{ agentId: string; isMailed: boolean }[]>`
    select agent_id, made_by_id is null as is_mailed from password_resets
    where hash = ${hash} and expires_at > ${now.toISOString()}`
  const somebody = reset && (await withPassword(sql, { agentId: reset.agentId }))
  if (!somebody) throw new Refusal('NOT_FOUND', 'This link was used, or its hour is over. Ask for a new one.')
  return { ...somebody, isMailed: reset.isMailed }
}

/** Sets a new password by a link, once, and signs them out everywhere. Reason: NOT_FOUND. */
export async function resetPassword(
  tx: Transaction,
  { hash, passwordHash }: { hash: string; passwordHash: string },
  now: Date,
): Promise<{ email: string }> {
  await tx`select 1 from password_resets where hash = ${hash} for update`
  const { agentId, workspaceId, name, email, isMailed } = await readReset(tx, hash, now)
  await setPassword(tx, agentId, passwordHash, now)
  const { count } = await tx`delete from sessions where agent_id = ${agentId}`
  const details = { agentId, name, by: isMailed ? 'mail' : 'link', ended: count }
  await writeAudit(tx, { workspaceId, actorId: null, action: 'password.reset', details })
  return { email }
}

/** Replaces the password of an agent; links to a new one that were made before work no more. */
export async function setPassword(
  tx: Transaction,
  agentId: string,
  passwordHash: string,
  now: Date,
): Promise<void> {
  await tx`
    update accounts set password = ${passwordHash}, updated_at = ${now.toISOString()}
    where agent_id = ${agentId} and provider_id = 'credential'`
  await tx`delete from password_resets where agent_id = ${agentId}`
}

async function keep(
  tx: Transaction,
  { agentId, hash, madeById }: { agentId: string; hash: string; madeById: string | null },
  now: Date,
): Promise<string> {
  const expiresAt = new Date(now.getTime() + RESET_MS).toISOString()
  await tx`
    insert into password_resets (id, agent_id, hash, made_by_id, expires_at, created_at)
    values (${Bun.randomUUIDv7()}, ${agentId}, ${hash}, ${madeById}, ${expiresAt}, ${now.toISOString()})`
  return expiresAt
}

/** Somebody who works here and signs in with a password. */
async function withPassword(
  sql: Queryable,
  by: { agentId: string } | { email: string },
): Promise<Somebody | null> {
  const [somebody] = await sql<Somebody[]>`
    select a.id as agent_id, m.workspace_id, a.name, a.email
    from agents a join memberships m on m.agent_id = a.id and m.deactivated_at is null
    where ${'agentId' in by ? sql`a.id = ${by.agentId}` : sql`a.email = ${by.email.trim().toLowerCase()}`}
      and exists (select 1 from accounts c where c.agent_id = a.id and c.provider_id = 'credential' and c.password is not null)
    order by m.created_at, m.workspace_id limit 1`
  return somebody ?? null
}
