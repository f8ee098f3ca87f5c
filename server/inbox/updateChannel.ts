import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { auditChannel } from './auditChannel.ts'
import { channelEvents } from './channelEvents.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { demand } from './policy.ts'
import { channelsById } from './readChannels.ts'
import { Refusal } from './refusal.ts'
import type { ChannelSnapshot } from './snapshot.ts'

export const LONGEST_CHANNEL_NAME = 60
/** Not shorter than WhatsApp repeats deliveries, nor than tabs may be away. */
export const LEAST_RETENTION_DAYS = 8
export const MOST_RETENTION_DAYS = 3650

/** Settings of a channel; what is not given stays as it is. */
export type ChannelSettings = {
  name?: string | undefined
  readReceipts?: ChannelSnapshot['readReceipts'] | undefined
  throughputPerSecond?: number | undefined
  visibility?: ChannelSnapshot['visibility'] | undefined
  stopWords?: string[] | undefined
  /** Null: messages are kept. */
  retentionDays?: number | null | undefined
}

type Update = { agent: Agent; channelIds: readonly string[]; channelId: string; settings: ChannelSettings }

/** Changes the settings of a channel. Reasons: FORBIDDEN, NOT_FOUND. */
export async function updateChannel(
  tx: Transaction,
  { agent, channelIds, channelId, settings }: Update,
): Promise<ChannelSnapshot> {
  demand(agent, 'channels.manage')
  if (!channelIds.includes(channelId)) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  const {
    name = null,
    readReceipts = null,
    throughputPerSecond = null,
    visibility = null,
    stopWords,
    retentionDays,
  } = settings
  const words = stopWords && [...new Set(stopWords.map((word) => word.trim().toUpperCase()).filter(Boolean))]
  await tx`
    update channels
    set name = coalesce(${name}, name),
        read_receipts = coalesce(${readReceipts}, read_receipts),
        throughput_per_second = coalesce(${throughputPerSecond}, throughput_per_second),
        visibility = coalesce(${visibility}, visibility),
        stop_words = coalesce(${words ?? null}::text[], stop_words),
        retention_days = ${retentionDays === undefined ? tx`retention_days` : tx`${retentionDays}::integer`}
    where id = ${channelId}`
  const [channel] = await channelsById(tx, [channelId])
  await auditChannel(tx, agent, channelId, 'channel.updated', {
    ...(name !== null && { name }),
    ...(readReceipts !== null && { readReceipts }),
    ...(throughputPerSecond !== null && { throughputPerSecond }),
    ...(visibility !== null && { visibility }),
    ...(words && { stopWords: words }),
    ...(retentionDays !== undefined && { retentionDays }),
  })
  if (!channel) throw new Refusal('NOT_FOUND', 'There is no such channel.')
  commitWithEvents(tx, await channelEvents(tx, [channelId]))
  return channel
}
