import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'
import { migrateJobs } from './jobQueues.ts'

/** Any number that no other program is likely to take: it names the lock that keeps two migrations apart. */
const MIGRATION_LOCK = 0x6261746f6e

const DUPLICATE_TABLE = '42P07'

/** The tables are there, and the list of migrations does not know them. */
function isMadeByAnother(error: unknown): boolean {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  return cause instanceof postgres.PostgresError && cause.code === DUPLICATE_TABLE
}

/**
 * Brings the database at `url` to the newest schema. Safe to start from several processes at once: one migrates, the
 * others wait and then find nothing to do.
 */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK}::bigint)`
    await applyMigrations(drizzle(client), { migrationsFolder: join(import.meta.dir, 'migrations') })
    await migrateJobs(url)
  } catch (error) {
    throw isMadeByAnother(error)
      ? new Error(
          'This database was made by another version of Baton that can not be brought up to date. Use a fresh one.',
          {
            cause: error,
          },
        )
      : error
  } finally {
    await client.end({ timeout: 5 })
  }
}
