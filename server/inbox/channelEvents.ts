import type { Transaction } from '../../db/client.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { channelsById } from './readChannels.ts'

/** Tells everybody who may see these channels how they stand now. */
export async function channelEvents(tx: Transaction, channelIds: readonly string[]): Promise<NewEvent[]> {
  if (channelIds.length === 0) return []
  const owners = await tx<{ id: string; workspaceId: string }[]>`
    select id, workspace_id from channels where id = any(${[...channelIds]}::uuid[])`
  const workspaceOf = new Map(owners.map((row) => [row.id, row.workspaceId]))
  const channels = await channelsById(tx, channelIds)
  return channels.map((channel): NewEvent => {
    const workspaceId = workspaceOf.get(channel.id)
    if (workspaceId === undefined) throw new Error('A channel without a workspace was read')
    const event = { type: 'channel.changed' as const, channel }
    return { workspaceId, channelId: channel.id, conversationId: null, event }
  })
}
