import type { Agent } from '../inbox/agent.ts'
import type { TestWorkspace } from './testWorkspace.ts'

/** One more agent of the workspace; in its team unless told otherwise. */
export async function testAgent(
  { sql, workspaceId, teamId }: TestWorkspace,
  name: string,
  { role = 'agent', isInTeam = true }: { role?: Agent['role']; isInTeam?: boolean } = {},
): Promise<Agent> {
  const id = Bun.randomUUIDv7()
  const email = `${id}@test.baton`
  await sql.begin(async (tx) => {
    await tx`insert into agents (id, name, email) values (${id}, ${name}, ${email})`
    await tx`insert into memberships (workspace_id, agent_id, role) values (${workspaceId}, ${id}, ${role})`
    if (isInTeam) await tx`insert into team_members (team_id, agent_id) values (${teamId}, ${id})`
  })
  return { id, name, email, workspaceId, role, teamIds: isInTeam ? [teamId] : [] }
}

/** A conversation with a customer who has just written, so that the service window is open. */
export async function testConversation({ sql, workspaceId, channelId }: TestWorkspace): Promise<string> {
  const id = Bun.randomUUIDv7()
  const contactId = Bun.randomUUIDv7()
  await sql.begin(async (tx) => {
    await tx`insert into contacts (id, workspace_id, name) values (${contactId}, ${workspaceId}, 'Sheena')`
    await tx`
      insert into conversations (id, workspace_id, channel_id, contact_id, last_inbound_at)
      values (${id}, ${workspaceId}, ${channelId}, ${contactId}, now())`
  })
  return id
}
