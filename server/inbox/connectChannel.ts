import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { auditChannel } from './auditChannel.ts'
import { channelEvents } from './channelEvents.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { keepCredentials, type SealedCredentials } from './keepCredentials.ts'
import { demand } from './policy.ts'
import { channelsById } from './readChannels.ts'
import { Refusal } from './refusal.ts'
import type { ChannelSnapshot } from './snapshot.ts'

export type ChannelToConnect = {
  name: string
  phoneNumberId: string
  businessAccountId: string
  displayPhoneNumber: string
  throughputPerSecond: number
  /** Which teams answer it. */
  teamIds: string[]
}

type Connecting = { agent: Agent; wanted: ChannelToConnect; seal(channelId: string): SealedCredentials }

/**
 * Gives the workspace a number, or takes one back that was removed, with all that was said on it. What came for the number
 * before waits as dead letters: replay them after the commit. Reasons: FORBIDDEN, NAME_TAKEN for a number that is connected.
 */
export async function connectChannel(
  tx: Transaction,
  { agent, wanted, seal }: Connecting,
): Promise<ChannelSnapshot> {
  demand(agent, 'channels.manage')
  const channelId = await takeNumber(tx, agent, wanted)
  await tx`delete from channel_teams where channel_id = ${channelId}`
  await tx`
    insert into channel_teams (channel_id, team_id)
    select ${channelId}, id from teams where workspace_id = ${agent.workspaceId} and id = any(${wanted.teamIds}::uuid[])`
  await keepCredentials(tx, channelId, seal(channelId))
  await auditChannel(tx, agent, channelId, 'channel.connected', {
    name: wanted.name,
    phoneNumberId: wanted.phoneNumberId,
    teamIds: wanted.teamIds,
  })
  const [channel] = await channelsById(tx, [channelId])
  if (!channel) throw new Error('A channel that was just connected is gone')
  commitWithEvents(tx, await channelEvents(tx, [channelId]))
  return channel
}

async function takeNumber(
  tx: Transaction,
  { workspaceId }: Agent,
  { name, phoneNumberId, businessAccountId, displayPhoneNumber, throughputPerSecond }: ChannelToConnect,
): Promise<string> {
  const [present] = await tx<{ id: string; workspaceId: string; name: string; archivedAt: Date | null }[]>`
    select id, workspace_id, name, archived_at from channels where phone_number_id = ${phoneNumberId} for update`
  if (present && (present.workspaceId !== workspaceId || present.archivedAt === null)) {
    const where = present.workspaceId === workspaceId ? `as ${present.name}` : 'in another workspace'
    throw new Refusal('NAME_TAKEN', `This number is connected already, ${where}.`, {
      field: 'phoneNumberId',
      problem: 'ALREADY_CONNECTED',
    })
  }
  if (present) {
    await tx`
      update channels
      set name = ${name}, business_account_id = ${businessAccountId}, display_phone_number = ${displayPhoneNumber},
          archived_at = null, stopped_at = null, stop_error = null, stop_token_digest = null
      where id = ${present.id}`
    return present.id
  }
  const id = Bun.randomUUIDv7()
  await tx`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id, throughput_per_second)
    values (${id}, ${workspaceId}, ${name}, ${phoneNumberId}, ${displayPhoneNumber}, ${businessAccountId}, ${throughputPerSecond})`
  return id
}
