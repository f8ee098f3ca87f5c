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

type Replacement = { agent: Agent; channelId: string; sealed: SealedCredentials }

/**
 * Stores other secrets for a channel. One that stopped because its token was refused, or could not be read, starts again;
 * one that stopped for another reason does not. Reasons: FORBIDDEN, NOT_FOUND.
 */
export async function replaceCredentials(
  tx: Transaction,
  { agent, channelId, sealed }: Replacement,
): Promise<ChannelSnapshot> {
  demand(agent, 'channels.manage')
  const [own] = await tx`
    select 1 from channels where id = ${channelId} and workspace_id = ${agent.workspaceId} and archived_at is null for update`
  if (!own) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  await keepCredentials(tx, channelId, sealed)
  const isStarted = sealed.accessToken !== undefined
  if (isStarted) {
    await tx`
      update channels set stopped_at = null, stop_error = null, stop_token_digest = null
      where id = ${channelId} and stop_token_digest is not null`
  }
  await auditChannel(tx, agent, channelId, 'channel.credentials_replaced', { what: Object.keys(sealed) })
  const [channel] = await channelsById(tx, [channelId])
  if (!channel) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  commitWithEvents(tx, await channelEvents(tx, [channelId]))
  return channel
}
