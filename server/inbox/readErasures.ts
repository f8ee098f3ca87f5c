import type { Queryable } from '../../db/client.ts'
import { type Erasure, type ErasureReceipt, hashOfErasure } from './erasureReceipt.ts'
import type { AgentName } from './snapshot.ts'

type Row = Erasure & { hash: string; actor: AgentName | null; filesLeft: number }

/** A page of receipts, newest first. */
export async function erasurePage(
  sql: Queryable,
  workspaceId: string,
  { before, id, limit }: { before?: string | undefined; id?: string | undefined; limit: number },
): Promise<{ receipts: ErasureReceipt[]; nextCursor: string | null }> {
  const rows = await sql<Row[]>`
    select e.id, e.workspace_id, e.contact_id, e.actor_id, e.counts, e.hash, e.created_at,
      case when a.id is null then null else json_build_object('id', a.id, 'name', a.name) end as actor,
      (select count(*)::int from files_to_remove f where f.erasure_id = e.id) as files_left
    from erasures e left join agents a on a.id = e.actor_id
    where e.workspace_id = ${workspaceId} ${before ? sql`and e.id < ${before}` : sql``} ${id ? sql`and e.id = ${id}` : sql``}
    order by e.id desc limit ${limit + 1}`
  const receipts = rows.slice(0, limit).map((row): ErasureReceipt => {
    const { id, contactId, actor, counts, createdAt, hash, filesLeft } = row
    const isIntact = hashOfErasure(row) === hash
    return { id, contactId, actor, counts, createdAt: createdAt.toISOString(), hash, isIntact, filesLeft }
  })
  return { receipts, nextCursor: rows.length > limit ? (receipts.at(-1)?.id ?? null) : null }
}
