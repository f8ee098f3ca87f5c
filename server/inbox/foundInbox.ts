import type { Queryable, Transaction } from '../../db/client.ts'
import { createAgent } from './createAgent.ts'
import { createWorkspace, type NewChannel } from './createWorkspace.ts'
import { Refusal } from './refusal.ts'
import { writeAudit } from './writeAudit.ts'

/** Whether nobody works here yet: the demo does not count. */
export async function isUnfounded(sql: Queryable): Promise<boolean> {
  const members = await sql`
    select 1 from memberships m join workspaces w on w.id = m.workspace_id where not w.is_demo limit 1`
  return members.length === 0
}

/** The workspace that was made on the command line and has nobody in it yet. */
async function emptyWorkspace(sql: Queryable): Promise<{ id: string; name: string } | null> {
  const found = await sql<
    { id: string; name: string }[]
  >`select id, name from workspaces where not is_demo limit 2`
  return found.length === 1 ? (found[0] ?? null) : null
}

/** The name that the page of the first owner begins with; null: none yet. */
export async function nameToFound(sql: Queryable): Promise<string | null> {
  return (await emptyWorkspace(sql))?.name ?? null
}

export type Founding = {
  workspaceName: string
  name: string
  email: string
  /** As `createPasswordHash` makes it. */
  passwordHash: string
  /** The number that this installation was set up for; null: it is connected later. */
  channel: NewChannel | null
}

/**
 * The first owner comes in, once: of two at the same moment one does. Reasons: NOT_FOUND when somebody works here already, NAME_TAKEN
 * for the address of an account of the demo.
 */
export async function foundInbox(tx: Transaction, founding: Founding): Promise<{ email: string }> {
  await tx`select pg_advisory_xact_lock(hashtextextended('the first owner', 0))`
  if (!(await isUnfounded(tx)))
    throw new Refusal('NOT_FOUND', 'Somebody has set this inbox up already. Sign in, or ask them.')
  const { workspaceName, name, passwordHash, channel } = founding
  const email = founding.email.toLowerCase()
  const taken = await tx`select 1 from agents where email = ${email}`
  if (taken.length > 0)
    throw new Refusal('NAME_TAKEN', `${email} has an account here already. Use another address.`)
  const empty = await emptyWorkspace(tx)
  if (empty) await tx`update workspaces set name = ${workspaceName} where id = ${empty.id}`
  const { workspaceId } = empty
    ? { workspaceId: empty.id }
    : await createWorkspace(tx, { name: workspaceName, teamName: 'Support', channel })
  const { agentId } = await createAgent(tx, { workspaceId, name, email, role: 'owner', passwordHash })
  await tx`delete from first_links`
  const details = { agentId, name }
  await writeAudit(tx, { workspaceId, actorId: agentId, action: 'workspace.founded', details })
  return { email }
}
