import type { Queryable } from '../../db/client.ts'

/** Nobody decides otherwise at 10,000 and at more. */
export const MOST_COUNTED = 10_000

/** How many conversations of the workspace have a label, counted to 10,000. */
export async function countLabelled(
  sql: Queryable,
  { workspaceId, labelId }: { workspaceId: string; labelId: string },
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int as count from (
      select 1 from conversations where workspace_id = ${workspaceId} and label_ids @> array[${labelId}::uuid]
      limit ${MOST_COUNTED}
    ) labelled`
  return row?.count ?? 0
}
