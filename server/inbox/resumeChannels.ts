import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { Agent } from './agent.ts'
import { auditChannel } from './auditChannel.ts'
import { channelEvents } from './channelEvents.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { demand } from './policy.ts'
import { channelsById } from './readChannels.ts'
import { Refusal } from './refusal.ts'
import type { ChannelSnapshot } from './snapshot.ts'

/** Starts a channel again because an administrator has put right what stopped it. Reasons: FORBIDDEN, NOT_FOUND. */
export async function resumeChannel(
  tx: Transaction,
  { agent, channelIds, channelId }: { agent: Agent; channelIds: readonly string[]; channelId: string },
): Promise<ChannelSnapshot> {
  demand(agent, 'channels.manage')
  if (!channelIds.includes(channelId)) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  const resumed = await tx`
    update channels set stopped_at = null, stop_error = null, stop_token_digest = null
    where id = ${channelId} and stopped_at is not null and archived_at is null`
  const [channel] = await channelsById(tx, [channelId])
  if (!channel) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  if (resumed.count === 0) return channel
  await auditChannel(tx, agent, channelId, 'channel.resumed')
  commitWithEvents(tx, await channelEvents(tx, [channelId]))
  return channel
}

/** Which token each channel has now: those with one of their own, and all others. '': it cannot be read. */
export type TokenDigests = { own: readonly { channelId: string; digest: string }[]; common: string }

/**
 * Starts channels again that stopped because another token was refused than the one at hand. Returns the workspaces
 * concerned.
 */
export async function resumeWithNewToken(tx: Transaction, { own, common }: TokenDigests): Promise<string[]> {
  const resumed = await tx<{ id: string; workspaceId: string }[]>`
    with present as (
      select c.id, coalesce(o.digest, ${common}) as digest from channels c
      left join (
        select * from ${unnest(tx, own, { channelId: 'uuid', digest: 'text' })}
      ) o on o."channelId" = c.id
      where c.stopped_at is not null
    )
    update channels c set stopped_at = null, stop_error = null, stop_token_digest = null
    from present p
    where p.id = c.id and c.stopped_at is not null and c.archived_at is null and p.digest <> '' and c.stop_token_digest <> p.digest
    returning c.id, c.workspace_id`
  if (resumed.length > 0) {
    commitWithEvents(
      tx,
      await channelEvents(
        tx,
        resumed.map((row) => row.id),
      ),
    )
  }
  return [...new Set(resumed.map((row) => row.workspaceId))]
}
