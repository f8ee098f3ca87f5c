import type { Transaction } from '../../db/client.ts'
import type { BuiltInRole } from './role.ts'

export type NewAgent = {
  workspaceId: string
  name: string
  email: string
  role: BuiltInRole
  /** As `createPasswordHash` makes it; the password itself is never stored. */
  passwordHash: string
}

/** Makes an agent who can sign in, as a member of every team of the workspace. @throws when the address is taken */
export async function createAgent(tx: Transaction, agent: NewAgent): Promise<{ agentId: string }> {
  const agentId = Bun.randomUUIDv7()
  const email = agent.email.toLowerCase()
  await tx`insert into agents (id, name, email, email_verified) values (${agentId}, ${agent.name}, ${email}, true)`
  await tx`
    insert into accounts (id, agent_id, account_id, provider_id, password)
    values (${Bun.randomUUIDv7()}, ${agentId}, ${agentId}, 'credential', ${agent.passwordHash})`
  await tx`
    insert into memberships (workspace_id, agent_id, role) values (${agent.workspaceId}, ${agentId}, ${agent.role})`
  await tx`
    insert into team_members (team_id, agent_id)
    select id, ${agentId} from teams where workspace_id = ${agent.workspaceId}`
  return { agentId }
}
