import type { Queryable } from '../../db/client.ts'
import { openSince } from './listConditions.ts'

export type ListSort = 'newest' | 'oldest' | 'window'

/** Where a page of the list begins: below this row. `asOf`: the moment by which windows are told open from closed; null: now. */
export type ListCursor = { asOf: Date | null; keys: string[] }

/**
 * The cursor that a client sends back, taken apart; null when it is none. Its first part is the moment of the first page: windows
 * close while somebody scrolls, and a row that changed its place between two pages would be skipped or come twice.
 */
export function readCursor(text: string, sort: ListSort): ListCursor | null {
  // The position of the last row alone, as it was before there were cursors.
  if (sort !== 'window' && /^\d{34}$/.test(text)) return { asOf: null, keys: [text] }
  const [, asOfMs, keys] = CURSOR[sort].exec(text) ?? []
  return asOfMs === undefined || keys === undefined
    ? null
    : { asOf: asOfMs === '0' ? null : new Date(Number(asOfMs)), keys: keys.split(' ') }
}

const ID = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'
/** A moment before the year 5139: of later ones Postgres reads no text. */
const MS = '\\d{1,14}'
const BY_POSITION = new RegExp(`^(${MS}) (\\d{34} ${ID})$`)
const CURSOR: Record<ListSort, RegExp> = {
  newest: BY_POSITION,
  oldest: BY_POSITION,
  window: new RegExp(`^(${MS}) ([01] -?\\d{1,18} ${ID})$`),
}

export const writeCursor = ({ asOf, keys }: ListCursor) => [asOf?.getTime() ?? 0, ...keys].join(' ')

type SortSql = Record<'keys' | 'order', ReturnType<Queryable>>

/** In SQL, for conversations `c`: the keys of a row as texts, and the order. */
export function sortSql(sql: Queryable, sort: ListSort, asOf: Date): SortSql {
  if (sort === 'newest')
    return { keys: sql`array[c.last_position, c.id::text]`, order: sql`c.last_position desc, c.id desc` }
  if (sort === 'oldest')
    return { keys: sql`array[c.last_position, c.id::text]`, order: sql`c.last_position, c.id` }
  const { isClosed, closing } = windowKeys(sql, asOf)
  return {
    keys: sql`array[${isClosed}::int::text, (${closing})::text, c.id::text]`,
    order: sql`${isClosed}, ${closing}, c.id`,
  }
}

/** In SQL: whether a conversation `c` stands below the cursor. */
export function belowCursor(sql: Queryable, sort: ListSort, keys: readonly string[], asOf: Date) {
  const [first = '', second, third] = keys
  if (sort === 'window') {
    const { isClosed, closing } = windowKeys(sql, asOf)
    return sql`(${isClosed}, ${closing}, c.id) > (${first === '1'}, ${second ?? '0'}::bigint, ${third ?? null}::uuid)`
  }
  const isBelow = sort === 'newest' ? sql`<` : sql`>`
  if (second === undefined) return sql`c.last_position ${isBelow} ${first}`
  return sql`(c.last_position, c.id) ${isBelow} (${first}, ${second}::uuid)`
}

/** Open windows in the order in which they close; then closed ones, those that closed last first. Microseconds, so none are equal by rounding. */
function windowKeys(sql: Queryable, asOf: Date) {
  const isClosed = sql`coalesce(c.last_inbound_at <= ${openSince(asOf).toISOString()}, true)`
  const written = sql`coalesce((extract(epoch from c.last_inbound_at) * 1000000)::bigint, 0)`
  return { isClosed, closing: sql`case when ${isClosed} then -${written} else ${written} end` }
}
