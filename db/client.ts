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

export type DatabaseClient = {
  db: Database
  sql: Sql
  /** Lets running statements end, for at most five seconds. */
  close(): Promise<void>
}

/** The driver's own backoff grows to 20 s, during which a database that is back goes unnoticed. */
const secondsBeforeReconnecting = (attempt: number) => Math.min(0.05 * 2 ** attempt, 1)

/**
 * Two small pools on one database: `sql` for what is written as SQL, `db` for drizzle. They are apart because drizzle
 * replaces the date parsers of the client it is given, and raw SQL would get strings where it expects dates.
 */
export function openDatabase(url: string, options: { connections?: number } = {}): DatabaseClient {
  const settings = {
    max: options.connections ?? 8,
    connect_timeout: 10,
    backoff: secondsBeforeReconnecting,
    onnotice: () => {},
    connection: { application_name: 'baton' },
  }
  const raw = postgres(url, { ...settings, transform: { column: { from: postgres.toCamel } } })
  const forDrizzle = postgres(url, settings)
  return {
    sql: raw,
    db: drizzle(forDrizzle, { schema, casing: 'snake_case' }),
    close: async () => {
      await Promise.all([raw.end({ timeout: 5 }), forDrizzle.end({ timeout: 5 })])
    },
  }
}
