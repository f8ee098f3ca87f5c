import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { openReader } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import type { Agent } from '../inbox/agent.ts'
import { commitWithEvents } from '../inbox/commitWithEvents.ts'
import type { FeedItem, InboxEvent } from '../inbox/event.ts'
import { createLog } from '../log.ts'
import { eventually } from '../testing/eventually.ts'
import { reachTo } from '../testing/testReach.ts'
import { testRedis } from '../testing/testRedis.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { type Access, type AccessWatch, createAccessWatch } from './accessWatch.ts'
import { type Bell, createBell } from './bell.ts'
import { createFeed, type Feed } from './feed.ts'
import { logMarkKey } from './liveKeys.ts'
import { createLogMarks, type LogMarks } from './logMarks.ts'

const log = createLog({ level: 'silent', name: 'test' })
let workspace: TestWorkspace
let redis: Redis
let subscriber: Redis
let bell: Bell
let marks: LogMarks
let feed: Feed
let agent: Agent
let access: Access | null
let watch: AccessWatch
const stops: (() => void)[] = []

beforeAll(async () => {
  const { url } = await testRedis()
  redis = new Redis(url)
  subscriber = new Redis(url)
  bell = createBell(redis, subscriber, log)
})
afterAll(() => {
  redis.disconnect()
  subscriber.disconnect()
})
beforeEach(async () => {
  workspace = await testWorkspace()
  agent = {
    id: workspace.agentId,
    name: 'Ana',
    email: '',
    workspaceId: workspace.workspaceId,
    role: 'agent',
    teamIds: [workspace.teamId],
  }
  access = { agent, reach: reachTo([workspace.channelId]) }
  watch = createAccessWatch(async (sessionIds) => sessionIds.map(() => access), log)
  marks = createLogMarks(redis, log)
  feed = openFeed()
})
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  feed.close()
  watch.close()
  await workspace.drop()
})

const openFeed = () => createFeed(() => openReader(workspace.databaseUrl), bell, watch, marks, log)

/** Writes `count` events to the log, in one transaction, and rings. */
async function happen(count = 1, channelId: string | null = workspace.channelId): Promise<void> {
  const event = {
    type: 'message.status',
    messageId: 'm',
    conversationId: 'c',
    attempt: 1,
    status: 'read',
    error: null,
    wamid: null,
  } satisfies InboxEvent
  // A conversation of its own for each channel: whose one is now is known once for all events about it.
  const conversationId = channelId ?? workspace.channelId
  const one = { workspaceId: workspace.workspaceId, channelId, conversationId, event }
  await repeatable(workspace.sql, async (tx) =>
    commitWithEvents(
      tx,
      Array.from({ length: count }, () => one),
    ),
  )
  bell.ring('events', workspace.workspaceId)
}

function follow(cursor: string | null, channelIds?: string[], through = feed) {
  const items: FeedItem[] = []
  const stop = new AbortController()
  stops.push(() => stop.abort())
  const ended = (async () => {
    for await (const item of through.follow({
      credential: { kind: 'session', sessionId: 's' },
      agent,
      cursor,
      channelIds,
      signal: stop.signal,
    }))
      items.push(item)
  })()
  return { items, ended, stop, seqs: () => items.map((item) => Number(item.seq)) }
}
const upTo = (count: number, from = 1) => Array.from({ length: count }, (_, index) => index + from)

describe('the feed', () => {
  test('replays what was missed and goes on live, without a seam', async () => {
    await happen(2500)
    const one = follow('0')
    for (let round = 0; round < 20; round++) await happen(7)
    await eventually(() => one.items.length >= 2640)
    expect(one.seqs()).toEqual(upTo(2640))
  })

  test('brings what concerns the workspace to everybody in it, whatever channels they see', async () => {
    access = { agent, reach: reachTo([]) }
    const one = follow('0')
    await happen(1)
    await happen(1, null)
    await eventually(() => one.items.length > 0)
    expect(one.seqs()).toEqual([2])
  })

  test('does not replay from memory what was erased since', async () => {
    // From here on this process holds what happens.
    const first = follow(null)
    await eventually(() => first.items.length === 1)
    await happen(3)
    await eventually(() => first.items.length === 4)
    const conversationId = workspace.channelId
    const place = { workspaceId: workspace.workspaceId, channelId: workspace.channelId, conversationId: null }
    await repeatable(workspace.sql, async (tx) =>
      commitWithEvents(tx, [{ ...place, event: { type: 'conversation.erased', conversationId } }]),
    )
    bell.ring('events', workspace.workspaceId)
    await eventually(() => first.items.length === 5)
    const later = follow('0')
    await eventually(() => later.items.length === 4)
    expect(later.items.map((item) => (item.type === 'event' ? item.event.type : item.type))).toEqual([
      'cursor',
      'cursor',
      'cursor',
      'conversation.erased',
    ])
  })

  test('gives every subscriber the same order while many write at once', async () => {
    const followers = Array.from({ length: 5 }, () => follow('0'))
    await Promise.all(Array.from({ length: 60 }, (_, index) => happen(1 + (index % 3))))
    await eventually(() => followers.every((one) => one.items.length === 120))
    for (const one of followers) expect(one.seqs()).toEqual(upTo(120))
  })

  test('without a cursor starts at the present, and says where that is', async () => {
    await happen(5)
    const one = follow(null)
    await eventually(() => one.items.length === 1)
    expect(one.items).toEqual([{ seq: '5', type: 'cursor' }])
    await happen(3)
    await eventually(() => one.items.length === 4)
    expect(one.seqs()).toEqual([5, 6, 7, 8])
  })

  test('finds events by itself when the bell was not heard', async () => {
    const one = follow('0')
    const event: InboxEvent = {
      type: 'message.status',
      messageId: 'm',
      conversationId: 'c',
      attempt: 1,
      status: 'read',
      error: null,
      wamid: null,
    }
    await repeatable(workspace.sql, async (tx) =>
      commitWithEvents(tx, [
        {
          workspaceId: workspace.workspaceId,
          channelId: workspace.channelId,
          conversationId: workspace.channelId,
          event,
        },
      ]),
    )
    await eventually(() => one.items.length === 1)
  })

  test('shows nothing of a channel out of reach', async () => {
    const one = follow('0')
    await happen(3, Bun.randomUUIDv7())
    await happen(1)
    await eventually(() => one.items.length === 1)
    expect(one.seqs()).toEqual([4])
  })

  test('ends when the session or the membership has ended, and delivers nothing after', async () => {
    const one = follow('0')
    await happen()
    await eventually(() => one.items.length === 1)
    access = null
    await eventually(async () => {
      await happen()
      return Promise.race([one.ended.then(() => true), Bun.sleep(0).then(() => false)])
    })
    const delivered = one.items.length
    await happen(10)
    expect(one.items.length).toBe(delivered)
  })

  test('ends within a second when the session has ended, also when nothing happens', async () => {
    const one = follow('0')
    await happen()
    await eventually(() => one.items.length === 1)
    access = null
    const since = performance.now()
    await one.ended
    expect(performance.now() - since).toBeLessThan(1000)
    await happen()
    expect(one.items).toHaveLength(1)
  })

  test('says resync soon when the agent may see more, also when nothing happens', async () => {
    const one = follow('0')
    await happen()
    await eventually(() => one.items.length === 1)
    access = { agent, reach: reachTo([workspace.channelId, Bun.randomUUIDv7()]) }
    await eventually(() => one.items.some((item) => item.type === 'resync'))
  })

  test('asks the database once for many who come back together', async () => {
    await happen(50)
    const known = follow('0')
    await eventually(() => known.items.length === 50)
    let asked = 0
    const counting = createAccessWatch(async (credentials) => {
      asked++
      return credentials.map(() => access)
    }, log)
    const many = Array.from({ length: 200 }, (_, index) =>
      counting.watch({ kind: 'session', sessionId: `session ${index}` }),
    )
    expect(new Set((await Promise.all(many)).map((one) => one.current))).toEqual(new Set([access]))
    expect(asked).toBeLessThanOrEqual(2)
    counting.close()
  })

  test('waits for a subscriber that does not read, and then goes on without a gap', async () => {
    await happen(100)
    const hold = Promise.withResolvers<void>()
    const items: FeedItem[] = []
    const stop = new AbortController()
    stops.push(() => stop.abort())
    const whenDrained = () => (items.length >= 10 ? hold.promise : Promise.resolve())
    void (async () => {
      const credential = { kind: 'session', sessionId: 's' } as const
      const subscriber = { credential, agent, cursor: '0', signal: stop.signal, whenDrained }
      for await (const item of feed.follow(subscriber)) items.push(item)
    })()
    await eventually(() => items.length === 10)
    await happen(5000) // more than a process keeps at hand
    const other = follow('5000')
    await eventually(() => other.items.length === 100)
    expect(items).toHaveLength(10)
    hold.resolve()
    await eventually(() => items.length === 5100)
    expect(items.map((item) => Number(item.seq))).toEqual(upTo(5100))
  })

  test('says resync when the cursor is older than what is kept', async () => {
    await happen(10)
    await workspace.sql`delete from events where seq <= 5`
    const tooOld = follow('3')
    const justInTime = follow('5')
    await eventually(() => tooOld.items.length === 1 && justInTime.items.length === 5)
    expect(tooOld.items).toEqual([{ seq: '10', type: 'resync', reason: 'cursor_too_old', scope: 'all' }])
    await happen()
    await eventually(() => tooOld.seqs().at(-1) === 11)
  })

  test('says resync when the log was made anew and is shorter than the cursor', async () => {
    await happen(2)
    const one = follow('900')
    await eventually(() => one.items.length === 1)
    expect(one.items).toEqual([{ seq: '2', type: 'resync', reason: 'log_rebuilt', scope: 'all' }])
  })

  test('says which channels came within reach, and which fell out of it, and skips nothing of the others', async () => {
    const other = Bun.randomUUIDv7()
    const one = follow('0')
    await happen(2)
    await eventually(() => one.items.length === 2)
    access = { agent, reach: reachTo([workspace.channelId, other]) }
    await eventually(() => one.items.length === 3)
    await happen(1, other)
    await happen(1)
    await eventually(() => one.items.length === 5)
    access = { agent, reach: reachTo([workspace.channelId]) }
    await eventually(() => one.items.length === 6)
    await happen(1, other)
    await happen(1)
    await eventually(() => one.items.length === 7)
    expect(one.seqs()).toEqual([1, 2, 2, 3, 4, 4, 6])
    const scope = { channelIds: [other] }
    expect(one.items.filter((item) => item.type !== 'event')).toEqual([
      { seq: '2', type: 'resync', reason: 'access_changed', scope },
      { seq: '4', type: 'resync', reason: 'access_changed', scope },
    ])
  })

  test('tells who comes back what changed in their reach meanwhile, and then what they missed', async () => {
    const [lost, gained] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
    await happen(2)
    access = { agent, reach: reachTo([workspace.channelId, gained]) }
    const one = follow('1', [workspace.channelId, lost])
    await eventually(() => one.items.length === 2)
    expect(one.items[0]).toEqual({
      seq: '1',
      type: 'resync',
      reason: 'access_changed',
      scope: { channelIds: [lost, gained] },
    })
    expect(one.seqs()).toEqual([1, 2])
  })

  describe('after the database was restored from a backup', () => {
    /** Takes the tables of the log back to what they were, as a restore does. */
    const backUp = async () => {
      const { sql } = workspace
      await sql`create table kept_events as table events`
      await sql`create table kept_counters as table event_counters`
      return () =>
        sql.begin(async (tx) => {
          await tx`truncate events, event_counters`
          await tx`insert into events table kept_events`
          await tx`insert into event_counters table kept_counters`
        })
    }
    const lastSeq = async () => {
      const [row] = await workspace.sql`select last_seq::text as last from event_counters`
      return Number(row?.last)
    }
    const isMarked = (seq: number) =>
      eventually(async () => (await redis.get(logMarkKey(workspace.workspaceId)))?.startsWith(`${seq} `))

    test('a log that has grown past the cursor again is not taken for the one that was lost', async () => {
      await happen(3)
      const restore = await backUp()
      const before = follow('3')
      await happen(5)
      await eventually(() => before.items.length === 5)
      await isMarked(8)
      feed.close() // a restore happens while Baton is stopped
      await restore()
      await happen(20)
      feed = openFeed()
      const back = follow('8')
      const anew = follow('0')
      await eventually(() => back.items.length === 1 && anew.items.length === 23)
      expect(anew.seqs()).toEqual(upTo(23))
      const last = await lastSeq()
      expect(last).toBeGreaterThan(1_000_000_000)
      expect(back.items).toEqual([{ seq: String(last), type: 'resync', reason: 'log_rebuilt', scope: 'all' }])
      await happen()
      await eventually(() => back.items.length === 2 && anew.items.length === 24)
      expect(back.seqs()).toEqual([last, last + 1])
      expect(anew.seqs().at(-1)).toBe(last + 1)
    })

    test('every process and every subscriber learns of a restore under its feet, and goes on in one new epoch', async () => {
      await happen(3)
      const restore = await backUp()
      const elsewhere = openFeed()
      stops.push(() => elsewhere.close())
      const followers = [follow('0'), follow('0', undefined, elsewhere)]
      await happen(5)
      await eventually(() => followers.every((one) => one.items.length === 8))
      await restore()
      await eventually(() => followers.every((one) => one.items.at(-1)?.type === 'resync'))
      await happen()
      await eventually(() => followers.every((one) => one.items.at(-1)?.type === 'event'))
      const last = await lastSeq()
      expect(last).toBe(1_000_000_009)
      for (const one of followers) expect(one.seqs()).toEqual([...upTo(8), last - 1, last])
    })

    test('a log that was only read again is continued', async () => {
      await happen(3)
      const restore = await backUp()
      const before = follow('0')
      await eventually(() => before.items.length === 3)
      await isMarked(3)
      feed.close()
      await restore()
      await happen(2)
      feed = openFeed()
      const back = follow('3')
      await eventually(() => back.items.length === 2)
      expect(back.seqs()).toEqual([4, 5])
    })

    test("an operator's word renews it where nothing was kept that could tell", async () => {
      await happen(3)
      const one = follow('0')
      await eventually(() => one.items.length === 3)
      const command = Bun.spawn(
        [
          process.execPath,
          '--no-env-file',
          join(import.meta.dir, '../../scripts/migrate.ts'),
          '--renew-epoch',
        ],
        { env: { ...process.env, DATABASE_URL: workspace.databaseUrl }, stdout: 'pipe', stderr: 'inherit' },
      )
      expect(await new Response(command.stdout).text()).toContain(
        'The event log of 1 workspace begins a new epoch',
      )
      await eventually(() => one.items.at(-1)?.type === 'resync')
      const back = follow('3')
      await eventually(() => back.items.length === 1)
      expect(back.items).toEqual([{ seq: '1000000003', type: 'resync', reason: 'log_rebuilt', scope: 'all' }])
    })
  })
})
