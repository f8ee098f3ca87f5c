import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { PgBoss } from 'pg-boss'
import { eventually } from '../server/testing/eventually.ts'
import { testDatabase } from '../server/testing/testDatabase.ts'
import { type DatabaseClient, openDatabase } from './client.ts'
import { enqueueJobs } from './enqueueJobs.ts'
import { JOB_QUEUES, openBoss } from './jobQueues.ts'
import { migrate } from './migrate.ts'

let client: DatabaseClient
let boss: PgBoss
let databaseUrl: string
const closings: (() => unknown)[] = []

beforeAll(async () => {
  const database = await testDatabase()
  databaseUrl = database.url
  client = openDatabase(database.url)
  closings.push(database.drop, client.close)
  boss = await openBoss(database.url).start()
  closings.push(() => boss.stop({ graceful: false }))
})
afterAll(async () => {
  for (const close of closings.reverse()) await close()
})

const idsOf = (count: number) => Array.from({ length: count }, () => ({ mediaId: Bun.randomUUIDv7() }))

test('a job is there when its transaction commits, and not when it rolls back', async () => {
  const [kept, lost] = [idsOf(2), idsOf(2)]
  await client.sql.begin((tx) => enqueueJobs(tx, 'media.download', kept))
  const failed = client.sql.begin(async (tx) => {
    await enqueueJobs(tx, 'media.download', lost)
    throw new Error('no')
  })
  await expect(failed).rejects.toThrow('no')
  const jobs = await boss.fetch<{ mediaId: string }>('media.download', { batchSize: 10 })
  expect(jobs.map((job) => job.data.mediaId).toSorted()).toEqual(kept.map((job) => job.mediaId))
  await boss.complete(
    'media.download',
    jobs.map((job) => job.id),
  )
})

test('a job of ours is what pg-boss itself would have made of it', async () => {
  const [data] = idsOf(1)
  await client.sql.begin((tx) => enqueueJobs(tx, 'media.download', data ? [data] : []))
  await boss.send('media.download', { mediaId: 'theirs' })
  const rows = await client.sql`
    select to_jsonb(job) - array['id', 'data', 'created_on', 'start_after', 'keep_until', 'trace_context'] as job,
      keep_until - start_after as kept
    from pgboss.job where name = 'media.download' and state = 'created'`
  expect(rows.length).toBe(2)
  expect(rows[0]).toEqual(rows[1])
})

test('a job that fails comes again by itself, later', async () => {
  const id = await boss.send('media.download', { mediaId: 'again' })
  const job = await eventually(async () => {
    const jobs = await boss.fetch<{ mediaId: string }>('media.download', { batchSize: 100 })
    return jobs.find((one) => one.data.mediaId === 'again')
  })
  expect(job.id).toBe(id ?? '')
  await boss.fail('media.download', job.id, new Error('away'))
  const [row] = await client.sql`
    select state, extract(epoch from start_after - now())::float as wait from pgboss.job where id = ${job.id}`
  expect(row?.state).toBe('retry')
  expect(row?.wait).toBeGreaterThan(3)
  expect(row?.wait).toBeLessThan(11)
})

test('migrating again, from two processes at once, changes nothing', async () => {
  await Promise.all([migrate(databaseUrl), migrate(databaseUrl)])
  const queues = await boss.getQueues()
  expect(queues.map((queue) => queue.name)).toContain('media.download')
  expect(queues.find((queue) => queue.name === 'media.download')).toMatchObject(JOB_QUEUES['media.download'])
})
