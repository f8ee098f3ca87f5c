import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import { testDatabase } from './testDatabase.ts'

export type TestWorkspace = DatabaseClient & {
  databaseUrl: string
  workspaceId: string
  channelId: string
  teamId: string
  agentId: string
  /** Closes the connections and removes the database. */
  drop(): Promise<void>
}

export const TEST_PHONE_NUMBER_ID = '106540352242922'

/** A fresh database with one workspace: one channel, answered by one team of one agent. */
export async function testWorkspace(): Promise<TestWorkspace> {
  const database = await testDatabase()
  const client = openDatabase(database.url)
  const ids = {
    workspaceId: Bun.randomUUIDv7(),
    channelId: Bun.randomUUIDv7(),
    teamId: Bun.randomUUIDv7(),
    agentId: Bun.randomUUIDv7(),
  }
  const { workspaceId, channelId, teamId, agentId } = ids
  await client.sql.begin(async (tx) => {
    await tx`insert into workspaces (id, name) values (${workspaceId}, 'Test')`
    await tx`insert into event_counters (workspace_id) values (${workspaceId})`
    await tx`
      insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
      values (${channelId}, ${workspaceId}, 'Support', ${TEST_PHONE_NUMBER_ID}, '15550783881', '102290129340398')`
    await tx`insert into teams (id, workspace_id, name) values (${teamId}, ${workspaceId}, 'Support')`
    await tx`insert into channel_teams (channel_id, team_id) values (${channelId}, ${teamId})`
    await tx`insert into agents (id, name, email) values (${agentId}, 'Ana', ${`${agentId}@test.baton`})`
    await tx`insert into memberships (workspace_id, agent_id, role) values (${workspaceId}, ${agentId}, 'agent')`
    await tx`insert into team_members (team_id, agent_id) values (${teamId}, ${agentId})`
  })
  return {
    ...client,
    ...ids,
    databaseUrl: database.url,
    drop: async () => {
      await client.close()
      await database.drop()
    },
  }
}
