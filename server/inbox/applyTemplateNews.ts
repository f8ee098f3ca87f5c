import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { ChannelNews } from '../whatsapp/delivery.ts'
import { type TemplateChange, templateChange } from '../whatsapp/templateNews.ts'

/**
 * Applies what webhooks say of templates at once, so that nobody sends one that was paused a second ago. Webhooks come in no
 * order, and some say only a part: the news also makes the account due for a sync (`accountsToSync`), which has the last word.
 * No statement at all for a batch without such news.
 */
export async function applyTemplateNews(
  tx: Transaction,
  all: readonly { workspaceId: string; news: ChannelNews }[],
): Promise<void> {
  const changes = new Map<string, TemplateChange & { workspaceId: string }>()
  for (const { workspaceId, news } of all) {
    const change = templateChange(news.field, news.value)
    if (change === null) continue
    const key = `${workspaceId} ${change.graphId}`
    changes.set(key, { workspaceId, ...joined(changes.get(key), change) })
  }
  if (changes.size === 0) return
  await tx`
    update templates t
    set status = coalesce(r.status, t.status),
        rejected_reason = case when r.status is null then t.rejected_reason else r."rejectedReason" end,
        quality = coalesce(r.quality, t.quality),
        category = coalesce(r.category, t.category),
        deleted_at = case when r.status = 'DELETED' then coalesce(t.deleted_at, now()) else t.deleted_at end
    from ${unnest(tx, [...changes.values()], {
      workspaceId: 'uuid',
      graphId: 'text',
      status: 'text',
      rejectedReason: 'text',
      quality: 'text',
      category: 'text',
    })}
    where t.workspace_id = r."workspaceId" and t.graph_id = r."graphId"`
}

/** Several changes of one template in one batch: the later one wins where it says something. */
function joined(earlier: TemplateChange | undefined, later: TemplateChange): TemplateChange {
  if (earlier === undefined) return later
  return {
    graphId: later.graphId,
    status: later.status ?? earlier.status,
    rejectedReason: later.status === null ? earlier.rejectedReason : later.rejectedReason,
    quality: later.quality ?? earlier.quality,
    category: later.category ?? earlier.category,
  }
}
