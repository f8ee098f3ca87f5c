import type { Queryable } from '../../db/client.ts'
import type { ChannelSnapshot } from './snapshot.ts'

type ChannelRow = Omit<ChannelSnapshot, 'stoppedAt' | 'archivedAt'> & {
  stoppedAt: Date | null
  archivedAt: Date | null
}

/** The channels with these ids, by name. Whoever calls has asked the policy. */
export async function channelsById(sql: Queryable, ids: readonly string[]): Promise<ChannelSnapshot[]> {
  if (ids.length === 0) return []
  const rows = await sql<ChannelRow[]>`
    select id, name, display_phone_number, throughput_per_second, read_receipts, visibility, retention_days, stop_words, stopped_at,
           archived_at, stop_error
    from channels where id = any(${[...ids]}::uuid[]) order by name, id`
  return rows.map((row) => ({
    ...row,
    stoppedAt: row.stoppedAt?.toISOString() ?? null,
    archivedAt: row.archivedAt?.toISOString() ?? null,
  }))
}
