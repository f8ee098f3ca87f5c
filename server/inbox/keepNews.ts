import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { ChannelNews } from '../whatsapp/delivery.ts'

export type ChannelsNews = { workspaceId: string; channelId: string; news: ChannelNews }

/** Keeps what Meta says about a channel rather than in a conversation, each once, and returns what was new. */
export async function keepNews(tx: Transaction, all: readonly ChannelsNews[]): Promise<ChannelsNews[]> {
  if (all.length === 0) return []
  const rows = all.map(({ workspaceId, channelId, news }) => ({
    id: Bun.randomUUIDv7(),
    workspaceId,
    channelId,
    ...news,
  }))
  const inserted = await tx<{ id: string }[]>`
    insert into channel_events (id, workspace_id, channel_id, field, value, digest, occurred_at)
    select r.id, r."workspaceId", r."channelId", r.field, r.value, r.digest, r."occurredAt"
    from ${unnest(tx, rows, {
      id: 'uuid',
      workspaceId: 'uuid',
      channelId: 'uuid',
      field: 'text',
      value: 'json',
      digest: 'text',
      occurredAt: 'timestamptz',
    })}
    on conflict (workspace_id, digest) do nothing
    returning id`
  const isNew = new Set(inserted.map((row) => row.id))
  return all.filter((_, index) => isNew.has(rows[index]?.id ?? ''))
}
