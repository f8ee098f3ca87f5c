import type { Transaction } from '../../db/client.ts'
import type { MessageError } from '../whatsapp/content.ts'
import { REMOVED_CODE } from '../whatsapp/messageError.ts'
import type { Agent } from './agent.ts'
import { auditChannel } from './auditChannel.ts'
import { channelEvents } from './channelEvents.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { demand } from './policy.ts'
import { channelsById } from './readChannels.ts'
import { Refusal } from './refusal.ts'
import type { ChannelSnapshot } from './snapshot.ts'

const REMOVED: MessageError = {
  code: REMOVED_CODE,
  title: 'This number was removed from Baton',
  details: null,
}

/**
 * Removes a number: its tokens and secrets are deleted, and nothing is sent on it any more. What was said stays where it is,
 * and the number can be connected again. Reasons: FORBIDDEN, NOT_FOUND.
 */
export async function archiveChannel(
  tx: Transaction,
  { agent, channelId, now }: { agent: Agent; channelId: string; now: Date },
): Promise<ChannelSnapshot> {
  demand(agent, 'channels.manage')
  const archived = await tx`
    update channels
    set archived_at = ${now}, stopped_at = coalesce(stopped_at, ${now}), stop_error = ${tx.json(REMOVED)}, stop_token_digest = null
    where id = ${channelId} and workspace_id = ${agent.workspaceId} and archived_at is null`
  if (archived.count === 0) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  await tx`delete from channel_credentials where channel_id = ${channelId}`
  await auditChannel(tx, agent, channelId, 'channel.removed')
  const [channel] = await channelsById(tx, [channelId])
  if (!channel) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  commitWithEvents(tx, await channelEvents(tx, [channelId]))
  return channel
}
