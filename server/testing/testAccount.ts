import { createPasswordHash } from '../auth/password.ts'
import type { TestWorkspace } from './testWorkspace.ts'

/** The password of everybody whom `testAccount` makes. */
export const TEST_PASSWORD = 'correct horse battery'

/** A member of the workspace who can sign in. */
export async function testAccount(
  { sql, workspaceId }: Pick<TestWorkspace, 'sql' | 'workspaceId'>,
  name: string,
): Promise<{ agentId: string; email: string }> {
  const agentId = Bun.randomUUIDv7()
  const email = `${name.toLowerCase()}-${agentId}@example.com`
  const password = await createPasswordHash(TEST_PASSWORD)
  await sql`insert into agents (id, name, email) values (${agentId}, ${name}, ${email})`
  await sql`
    insert into accounts (id, agent_id, account_id, provider_id, password)
    values (${Bun.randomUUIDv7()}, ${agentId}, ${agentId}, 'credential', ${password})`
  await sql`insert into memberships (workspace_id, agent_id, role) values (${workspaceId}, ${agentId}, 'agent')`
  return { agentId, email }
}
