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

/** `name`: as the channel is called, so that nobody removes another one by a slip. */
type Request = { agent: Agent; channelId: string; name: string; now: Date }

/**
 * Removes a number: its tokens and secrets are deleted, and nothing is sent on it any more. What was said stays where it is,
 * and the number can be connected again. Reasons: FORBIDDEN, NOT_FOUND, INPUT_INVALID.
 */
export async function archiveChannel(
  tx: Transaction,
  { agent, channelId, name, now }: Request,
): Promise<ChannelSnapshot> {
  demand(agent, 'channels.manage')
  const [present] = await tx<{ name: string }[]>`
    select name from channels
    where id = ${channelId} and workspace_id = ${agent.workspaceId} and archived_at is null for update`
  if (!present) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  if (present.name !== name) {
    throw new Refusal('INPUT_INVALID', `This channel is called ${present.name} now. Look once more.`, {
      field: 'name',
    })
  }
  await tx`
    update channels
    set archived_at = ${now}, stopped_at = coalesce(stopped_at, ${now}), stop_error = ${tx.json(REMOVED)}, stop_token_digest = null
    where id = ${channelId}`
  await tx`delete from channel_credentials where channel_id = ${channelId}`
  await auditChannel(tx, agent, channelId, 'channel.removed')
  const [channel] = await channelsById(tx, [channelId])
  if (!channel) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  commitWithEvents(tx, await channelEvents(tx, [channelId]))
  return channel
}
