import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import * as schema from './schema/index.ts'

/** Reads through drizzle, typed by the schema. */
export type Database = PostgresJsDatabase<typeof schema>
/** SQL written as SQL: ingestion, sending and the event log. */
export type Sql = postgres.Sql
/** An open transaction of {@link Sql}. */
export type Transaction = postgres.TransactionSql
/** Either of the two, for what only reads. */
export type Queryable = Sql | Transaction

/**
 * One connection for somebody who must notice when it is dead. A connection that broke without a word answers nothing and
 * fails nothing; whoever waits on it for too long drops it (`end({ timeout: 0 })`) and opens another.
 */
export function openReader(url: string): Sql {
  return postgres(url, { ...settingsFor(1), transform: CAMEL_CASE })
}

export type DatabaseClient = {
  db: Database
  sql: Sql
  /** Lets running statements end, for at most five seconds. */
  close(): Promise<void>
}

/**
 * A connection that broke without a word answers nothing and fails nothing. One that was asked and says nothing for this long
 * is closed, which fails what was asked; the pool opens another (docs/decisions/0007: an option of our patch). No statement of
 * the product takes a tenth of it.
 */
const ANSWER_WITHIN_SECONDS = 10

/** The driver's own backoff grows to 20 s, during which a database that is back goes unnoticed. */
const secondsBeforeReconnecting = (attempt: number) => Math.min(0.05 * 2 ** attempt, 1)

/**
 * Two small pools on one database: `sql` for what is written as SQL, `db` for drizzle. They are apart because drizzle
 * replaces the date parsers of the client it is given, and raw SQL would get strings where it expects dates.
 */
export function openDatabase(
  url: string,
  options: { connections?: number; answerWithinSeconds?: number } = {},
): DatabaseClient {
  const settings = settingsFor(options.connections ?? 8, options.answerWithinSeconds)
  const raw = postgres(url, { ...settings, transform: CAMEL_CASE })
  const forDrizzle = postgres(url, settings)
  return {
    sql: raw,
    db: drizzle(forDrizzle, { schema, casing: 'snake_case' }),
    close: async () => {
      await Promise.all([raw.end({ timeout: 5 }), forDrizzle.end({ timeout: 5 })])
    },
  }
}

/** Columns come as `lastSeq`; the keys inside JSON are left alone. */
const CAMEL_CASE = { column: { from: postgres.toCamel } }

function settingsFor(connections: number, answerWithinSeconds = ANSWER_WITHIN_SECONDS) {
  return {
    max: connections,
    connect_timeout: 10,
    answer_timeout: answerWithinSeconds,
    backoff: secondsBeforeReconnecting,
    onnotice: () => {},
    // Our statements are look-ups by key whose best plan does not depend on the values; planning them anew for each list of
    // ids cost more than running them (1.8 ms of the 4 ms that Postgres spent on a send).
    connection: { application_name: 'baton', plan_cache_mode: 'force_generic_plan' },
  }
}
