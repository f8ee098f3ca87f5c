import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { enqueueJobs } from '../../db/enqueueJobs.ts'
import { repeatable } from '../../db/repeatable.ts'
import { ack, ensureGroup, readNew } from '../ingest/readEntries.ts'
import { STREAM } from '../ingest/stream.ts'
import { streamState } from '../ingest/streamState.ts'
import { TestOutbox } from '../testing/testOutbox.ts'
import { JOB_NAMES, jobQueueStates, outboxState, retryFailedJobs } from './readQueues.ts'

let inbox: TestOutbox

beforeAll(async () => {
  inbox = await TestOutbox.open()
})
afterAll(() => inbox.close())
beforeEach(async () => {
  await sql()`delete from pgboss.job`
})

const sql = () => inbox.workspace.sql
const stateOf = async (queue: string) => (await jobQueueStates(sql())).find((one) => one.queue === queue)

describe('the jobs', () => {
  test('are all told of, also those that have nothing to do', async () => {
    const states = await jobQueueStates(sql())
    expect(states.map((one) => one.queue)).toEqual(JOB_NAMES)
    const names = await sql()<{ name: string }[]>`select name from pgboss.queue where name not like '\\_\\_%'`
    expect(names.map((row) => row.name).sort()).toEqual([...JOB_NAMES].sort())
    for (const state of states) expect(state).toMatchObject({ waiting: 0, active: 0, failed: 0 })
    expect((await stateOf('data.retain'))?.cron).toBe('17 3 * * *')
  })

  test('are counted by what becomes of them, and tell why one failed', async () => {
    const mediaIds = Array.from({ length: 4 }, () => Bun.randomUUIDv7())
    await sql().begin((tx) =>
      enqueueJobs(
        tx,
        'media.download',
        mediaIds.map((mediaId) => ({ mediaId })),
        ({ mediaId }) => (mediaId === mediaIds[0] ? new Date(Date.now() + 60_000) : null),
      ),
    )
    await sql()`
      update pgboss.job set state = 'failed', completed_on = now(), output = ${sql().json({ message: 'The store is full' })}
      where data ->> 'mediaId' = ${mediaIds[1] ?? ''}`
    await sql()`
      update pgboss.job set state = 'active', started_on = now() where data ->> 'mediaId' = ${mediaIds[2] ?? ''}`
    expect(await stateOf('media.download')).toMatchObject({
      ...{ waiting: 1, later: 1, active: 1, failed: 1 },
      lastTrouble: 'The store is full',
    })
    expect((await stateOf('media.download'))?.oldestWaitingAt).not.toBeNull()
  })

  test('that failed are tried again when somebody says so, which is written down', async () => {
    await sql().begin((tx) => enqueueJobs(tx, 'media.remove', [{}, {}]))
    await sql()`update pgboss.job set state = 'failed', retry_count = retry_limit, completed_on = now()`
    expect(await repeatable(sql(), (tx) => retryFailedJobs(tx, inbox.agent, 'media.remove'))).toBe(2)
    expect(await stateOf('media.remove')).toMatchObject({ waiting: 2, failed: 0 })
    const audited = await sql()<{ details: object }[]>`
      select details from audit_entries where action = 'jobs.retried'`
    expect(audited.map((row) => row.details)).toEqual([{ queue: 'media.remove', jobs: 2 }])
    expect(await repeatable(sql(), (tx) => retryFailedJobs(tx, inbox.agent, 'media.remove'))).toBe(0)
  })
})

test('the outbox is counted for one workspace, and by what somebody has to do', async () => {
  const conversationId = await inbox.openConversation()
  for (const text of ['one', 'two', 'three', 'four']) await inbox.send(conversationId, text)
  await sql()`update outbox set state = 'failed' where message_id in (select id from messages where body in ('one', 'two'))`
  await sql()`update messages set status = 'failed' where body = 'one'`
  await sql()`update messages set status = 'failed', dismissed_at = now() where body = 'two'`
  const state = await outboxState(sql(), inbox.workspace.workspaceId)
  expect(state).toMatchObject({ queued: 2, sending: 0, unknown: 0, failed: 1 })
  expect(state.oldestQueuedAt).not.toBeNull()
  expect(await outboxState(sql(), Bun.randomUUIDv7())).toMatchObject({
    queued: 0,
    failed: 0,
    oldestQueuedAt: null,
  })
})

test('the stream tells what waits, since when, and who is there to store it', async () => {
  const { redis } = inbox
  expect(await streamState(redis)).toBeNull()
  await ensureGroup(redis)
  expect(await streamState(redis)).toMatchObject({
    length: 0,
    lag: 0,
    pending: 0,
    oldestWaitingAt: null,
    consumers: [],
  })
  await redis.xadd(STREAM, '1700000000000-0', 'body', 'a')
  await redis.xadd(STREAM, '1700000001000-0', 'body', 'b')
  const oldestWaitingAt = new Date(1_700_000_000_000)
  expect(await streamState(redis)).toMatchObject({ length: 2, lag: 2, pending: 0, oldestWaitingAt })
  const { entries } = await readNew(redis, 'host:thread:1', 1)
  const inHand = await streamState(redis)
  expect(inHand).toMatchObject({ lag: 1, pending: 1, oldestWaitingAt })
  expect(inHand?.consumers).toMatchObject([{ name: 'host:thread:1', pending: 1 }])
  await ack(
    redis,
    entries.map((entry) => entry.streamId),
  )
  expect((await streamState(redis))?.oldestWaitingAt).toEqual(new Date(1_700_000_001_000))
})
