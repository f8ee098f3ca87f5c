import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import type { Sql } from '../../db/client.ts'
import { root } from '../install.ts'
import { type Finding, fine, problem } from './finding.ts'

/** A message that has been due for longer is not being sent by anybody. */
const OLDEST_QUEUED_SECONDS = 60

/** Settings, schema, and what waits in the tables. */
export async function databaseHealth(sql: Sql): Promise<Finding[]> {
  const [settings] = await sql<{ fsync: string; fullPageWrites: string; commit: string; version: string }[]>`
    select current_setting('fsync') as fsync, current_setting('full_page_writes') as full_page_writes,
           current_setting('synchronous_commit') as commit, current_setting('server_version') as version`
  const findings = [fine('PostgreSQL', `version ${settings?.version}`)]
  for (const [name, value] of [
    ['fsync', settings?.fsync],
    ['full_page_writes', settings?.fullPageWrites],
    ['synchronous_commit', settings?.commit],
  ] as const) {
    const cure = `set ${name} = on in postgresql.conf`
    findings.push(
      value === 'off'
        ? problem(`PostgreSQL ${name}`, 'it is off: what was acked can be lost in a power cut', cure)
        : fine(`PostgreSQL ${name}`, String(value)),
    )
  }
  const schema = await schemaFinding(sql)
  findings.push(schema)
  return schema.isFine ? [...findings, ...(await tableFindings(sql))] : findings
}

async function schemaFinding(sql: Sql): Promise<Finding> {
  const wanted = readMigrationFiles({ migrationsFolder: join(root, 'db', 'migrations') }).length
  const rows = await sql<
    { count: number }[]
  >`select count(*)::int as count from drizzle.__drizzle_migrations`.catch(() => [])
  const applied = rows[0]?.count ?? 0
  if (applied >= wanted) return fine('Schema', `${applied} of ${wanted} migrations`)
  return problem('Schema', `${wanted - applied} migrations are missing`, 'bun run migrate')
}

async function tableFindings(sql: Sql): Promise<Finding[]> {
  const [counts] = await sql<
    { letters: number; channels: number; lost: number; unknown: number; oldest: number | null }[]
  >`
    select (select count(*) from dead_letters where resolved_at is null)::int as letters,
           (select count(*) from channels)::int as channels,
           (select count(*) from stream_epochs where lost_at is not null)::int as lost,
           (select count(*) from outbox where state = 'unknown')::int as unknown,
           (select extract(epoch from now() - min(due_at)) from outbox where state = 'queued' and due_at < now())::float8 as oldest`
  if (!counts) return []
  const { letters, channels, lost, unknown, oldest } = counts
  return [
    letters === 0
      ? fine('Dead letters', 'none')
      : problem(
          'Dead letters',
          `${letters} deliveries could not be stored`,
          'an administrator finds them under Dead letters in the inbox',
        ),
    channels === 0
      ? problem(
          'Channels',
          'no number is connected, so every delivery ends as a dead letter',
          'bun run workspace:create with WHATSAPP_PHONE_NUMBER_ID set',
        )
      : fine('Channels', String(channels)),
    lost === 0
      ? fine('Redis losses', 'none')
      : problem(
          'Redis losses',
          `Redis was found emptied ${lost} times (table stream_epochs)`,
          'find out who flushes it; a customer’s message may be missing',
        ),
    unknown === 0
      ? fine('Unknown sends', 'none')
      : problem(
          'Unknown sends',
          `${unknown} messages left, and no answer came`,
          'WhatsApp’s status resolves them; if none comes, ask the customer before sending again',
        ),
    oldest !== null && oldest > OLDEST_QUEUED_SECONDS
      ? problem(
          'Outbox',
          `a message has been due for ${Math.round(oldest)} s`,
          'is a process with the role "send" running?',
        )
      : fine('Outbox', 'nothing overdue'),
  ]
}
