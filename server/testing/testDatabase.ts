import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { testVariable } from './testServers.ts'

export interface TestDatabase {
  url: string
  /** Removes it, with whatever is still connected. */
  drop(): Promise<void>
}

/** A fresh database with the newest schema and nothing in it: a copy of the template that the test run migrated. */
export async function testDatabase(): Promise<TestDatabase> {
  const adminUrl = testVariable('TEST_DATABASE_URL')
  const template = testVariable('TEST_DATABASE_TEMPLATE')
  const name = `test_${randomBytes(8).toString('hex')}`
  // Copying the files beats replaying them through the log when nothing is ever synced.
  await asAdmin(
    adminUrl,
    (sql) => sql`create database ${sql(name)} template ${sql(template)} strategy file_copy`,
  )
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => asAdmin(adminUrl, (sql) => sql`drop database if exists ${sql(name)} with (force)`),
  }
}

async function asAdmin(url: string, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  try {
    await work(sql)
  } finally {
    await sql.end()
  }
}
