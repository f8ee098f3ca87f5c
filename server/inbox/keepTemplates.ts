import type { Queryable, Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { GraphTemplate } from '../whatsapp/graphTemplates.ts'

export type Account = { workspaceId: string; businessAccountId: string }

/**
 * Makes the stored templates of an account equal to the list that was fetched; one that is not in it any more is marked as
 * deleted, so that messages sent with it keep their name. `fetchedAt`: when the fetch began, so that news which came meanwhile
 * is younger and asks for another one.
 */
export async function keepTemplates(
  tx: Transaction,
  account: Account,
  templates: readonly GraphTemplate[],
  fetchedAt: Date,
): Promise<void> {
  const { workspaceId, businessAccountId } = account
  // Two that sync at once: the one that began later wins, whichever ends first.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`templates ${workspaceId} ${businessAccountId}`}, 2))`
  const at = fetchedAt.toISOString()
  const distinct = new Map(templates.map((one) => [`${one.name} ${one.language}`, one]))
  const rows = [...distinct.values()].map((one) => ({ id: Bun.randomUUIDv7(), ...one }))
  await tx`
    insert into templates (id, workspace_id, business_account_id, graph_id, name, language, category, status, quality,
      parameter_format, components, rejected_reason, synced_at)
    select r.id, ${workspaceId}, ${businessAccountId}, r."graphId", r.name, r.language, r.category, r.status, r.quality,
      r."parameterFormat", r.components, r."rejectedReason", ${at}
    from ${unnest(tx, rows, {
      id: 'uuid',
      graphId: 'text',
      name: 'text',
      language: 'text',
      category: 'text',
      status: 'text',
      quality: 'text',
      parameterFormat: 'text',
      components: 'json',
      rejectedReason: 'text',
    })}
    on conflict (workspace_id, business_account_id, name, language) do update set
      graph_id = excluded.graph_id, category = excluded.category, status = excluded.status, quality = excluded.quality,
      parameter_format = excluded.parameter_format, components = excluded.components,
      rejected_reason = excluded.rejected_reason, synced_at = excluded.synced_at, deleted_at = null
    where templates.synced_at <= excluded.synced_at`
  await tx`
    update templates set deleted_at = ${at}, synced_at = ${at}
    where workspace_id = ${workspaceId} and business_account_id = ${businessAccountId}
      and deleted_at is null and synced_at < ${at}`
}

/**
 * The accounts whose templates have to be fetched: those never were, or longer ago than `olderThan`, or before the newest
 * news about templates of theirs.
 */
export async function accountsToSync(sql: Queryable, olderThan: Date): Promise<Account[]> {
  const rows = await sql<Account[]>`
    select c.workspace_id, c.business_account_id
    from channels c
    left join lateral (
      select max(t.synced_at) as at from templates t
      where t.workspace_id = c.workspace_id and t.business_account_id = c.business_account_id
    ) synced on true
    where synced.at is null or synced.at < ${olderThan.toISOString()} or exists (
      select 1 from channel_events e
      where e.workspace_id = c.workspace_id and e.channel_id = c.id and e.created_at > synced.at
        and e.field in ('message_template_status_update', 'message_template_quality_update',
          'message_template_components_update', 'template_category_update')
    )
    group by c.workspace_id, c.business_account_id`
  return [...rows]
}

/** The account of a channel; null when there is no such channel. */
export async function accountOfChannel(sql: Queryable, channelId: string): Promise<Account | null> {
  const [row] = await sql<Account[]>`
    select workspace_id, business_account_id from channels where id = ${channelId}`
  return row ?? null
}
