import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { ChannelNews } from '../whatsapp/delivery.ts'

/** Keeps what Meta says about a channel rather than in a conversation; the same news twice is kept once. */
export async function keepNews(
  tx: Transaction,
  all: readonly { workspaceId: string; channelId: string | null; news: ChannelNews }[],
): Promise<void> {
  if (all.length === 0) return
  const rows = all.map(({ workspaceId, channelId, news }) => ({
    id: Bun.randomUUIDv7(),
    workspaceId,
    channelId,
    ...news,
  }))
  await tx`
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
    on conflict (workspace_id, digest) do nothing`
}
