import type { Transaction } from '../../db/client.ts'

export type NewChannel = {
  name: string
  phoneNumberId: string
  displayPhoneNumber: string
  businessAccountId: string
}

/**
 * Makes a workspace with one team, and its first channel when one is given. The team answers the channel.
 * Whatever came for that number before it was connected waits as dead letters: replay them after commit.
 */
export async function createWorkspace(
  tx: Transaction,
  { name, teamName, channel }: { name: string; teamName: string; channel: NewChannel | null },
): Promise<{ workspaceId: string; teamId: string; channelId: string | null }> {
  const workspaceId = Bun.randomUUIDv7()
  const teamId = Bun.randomUUIDv7()
  await tx`insert into workspaces (id, name) values (${workspaceId}, ${name})`
  await tx`insert into event_counters (workspace_id) values (${workspaceId})`
  await tx`insert into teams (id, workspace_id, name) values (${teamId}, ${workspaceId}, ${teamName})`
  if (channel === null) return { workspaceId, teamId, channelId: null }
  const channelId = Bun.randomUUIDv7()
  await tx`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
    values (${channelId}, ${workspaceId}, ${channel.name}, ${channel.phoneNumberId}, ${channel.displayPhoneNumber},
      ${channel.businessAccountId})`
  await tx`insert into channel_teams (channel_id, team_id) values (${channelId}, ${teamId})`
  return { workspaceId, teamId, channelId }
}
