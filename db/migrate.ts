import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

/** Any number that no other program is likely to take: it names the lock that keeps two migrations apart. */
const MIGRATION_LOCK = 0x6261746f6e

/**
 * Brings the database at `url` to the newest schema. Safe to start from several processes at once: one migrates, the
 * others wait and then find nothing to do.
 */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await client`select pg_advisory_lock(${MIGRATION_LOCK}::bigint)`
    await applyMigrations(drizzle(client), { migrationsFolder: join(import.meta.dir, 'migrations') })
  } finally {
    await client.end({ timeout: 5 })
  }
}
