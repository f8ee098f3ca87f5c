import postgres from 'postgres'
import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { failPoint } from '../failPoint.ts'
import { commitWithEvents } from '../inbox/commitWithEvents.ts'
import { findChannels } from '../inbox/findChannels.ts'
import { keepDeadLetters } from '../inbox/keepDeadLetters.ts'
import { type ReceivedItem, storeDeliveries, subjectOf } from '../inbox/storeDeliveries.ts'

/**
 * The classes of Postgres errors that are about what is being stored: bad data, a broken constraint, a value too large for
 * an index. Any other error says that the database is not well, and no item is to blame.
 */
const ITEM_ERROR_CLASSES = new Set(['21', '22', '23', '54'])

/** The workspaces in which something happened, and whether there are files to fetch. */
export type Persisted = { workspaceIds: Set<string>; hasJobs: boolean }

const NOTHING: Persisted = { workspaceIds: new Set(), hasJobs: false }

/**
 * Stores items so that one bad one costs nobody else anything: where a batch fails because of what is in it, its halves are
 * tried, down to the item itself, which goes to the dead letters. Tells where something happened, for the bells.
 *
 * @throws whatever the database throws while it is away: then nothing must be acked.
 */
export async function persist(sql: Sql, items: readonly ReceivedItem[], now: () => Date): Promise<Persisted> {
  if (items.length === 0) return NOTHING
  try {
    const events = await repeatable(sql, async (tx) => {
      const stored = await storeDeliveries(tx, items, now())
      failPoint('before-commit')
      commitWithEvents(tx, stored.events)
      return stored.events
    })
    failPoint('after-commit')
    return {
      workspaceIds: new Set(events.map((event) => event.workspaceId)),
      hasJobs: events.some(({ event }) => 'message' in event && event.message.media?.state === 'waiting'),
    }
  } catch (error) {
    if (!isAboutTheItems(error)) throw error
    const [first] = items
    if (items.length === 1 && first) {
      await bury(sql, first, error)
      return NOTHING
    }
    const middle = Math.ceil(items.length / 2)
    const before = await persist(sql, items.slice(0, middle), now)
    const after = await persist(sql, items.slice(middle), now)
    return {
      workspaceIds: before.workspaceIds.union(after.workspaceIds),
      hasJobs: before.hasJobs || after.hasJobs,
    }
  }
}

function isAboutTheItems(error: unknown): boolean {
  if (error instanceof postgres.PostgresError) return ITEM_ERROR_CLASSES.has(error.code.slice(0, 2))
  const isFromTheDriver = error instanceof Error && 'code' in error
  return !isFromTheDriver
}

async function bury(sql: Sql, item: ReceivedItem, error: unknown): Promise<void> {
  const detail = error instanceof Error ? error.message : String(error)
  const { streamId, path, body } = item
  const letter = { streamId, path, body, reason: 'could_not_be_stored', detail, item: subjectOf(item) }
  await sql.begin(async (tx) => {
    const channelOf = await findChannels(tx, [item.to])
    await keepDeadLetters(tx, [{ ...letter, workspaceId: channelOf(item.to)?.workspaceId ?? null }])
  })
}
