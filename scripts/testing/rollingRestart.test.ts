import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import { seedDemo } from '../../db/seed.ts'
import { DEMO } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { type TestDatabase, testDatabase } from '../../server/testing/testDatabase.ts'
import { testRedis } from '../../server/testing/testRedis.ts'
import { ageUnacked } from '../chaos/ageUnacked.ts'
import { productEnvironment } from '../chaos/productEnvironment.ts'
import { ProductProcess } from '../chaos/productProcess.ts'
import { steadyPort } from '../chaos/steadyPort.ts'
import { seededChance } from '../simulate/chance.ts'
import { Balancer } from './following/balancer.ts'
import { SteadyLoad } from './following/steadyLoad.ts'
import type { Subscriber } from './following/subscriber.ts'
import { introduce } from './following/traffic.ts'
import { flawsOfTabs, newestFor, openTab, type Watcher, watcherOf } from './following/watchers.ts'

const POST_EVERY_MS = 25
const TABS_EACH = 2
const WITHIN = { withinMs: 30_000 }
/** Dan's team answers no channel: nothing may ever reach him. */
const AGENTS = ['ana@demo.baton', 'ben@demo.baton', 'carla@demo.baton', 'dan@demo.baton']

let database: TestDatabase
let client: DatabaseClient
let redis: Redis
let folder: string
let balancer: Balancer
let one: ProductProcess
let two: ProductProcess
let watchers: { watcher: Watcher; tabs: { name: string; tab: Subscriber }[] }[]

beforeAll(async () => {
  const made = await Promise.all([testDatabase(), testRedis(), mkdtemp(join(tmpdir(), 'baton-restart-'))])
  database = made[0]
  folder = made[2]
  redis = new Redis(made[1].url)
  client = openDatabase(database.url, { connections: 2 })
  await seedDemo(database.url, { ...DEMO, name: 'Support' })
  const ports = [await steadyPort(), await steadyPort()]
  balancer = await Balancer.open(ports)
  const processOn = (port: number | undefined) =>
    new ProductProcess({
      script: 'server/main.ts',
      env: productEnvironment(
        {
          DATABASE_URL: database.url,
          REDIS_URL: made[1].url,
          DATA_DIR: folder,
          PORT: String(port),
          PUBLIC_URL: balancer.url,
          ROLES: 'server,consume',
        },
        undefined,
      ),
    })
  ;[one, two] = [processOn(ports[0]), processOn(ports[1])]
  await Promise.all([one.start(), two.start()])
  await introduce(balancer.url, client.sql)
  watchers = await Promise.all(
    AGENTS.map(async (email) => {
      const watcher = await watcherOf(balancer.url, email)
      const at = { via: balancer.url, origin: balancer.url }
      const tabs = Array.from({ length: TABS_EACH }, (_, index) => ({
        name: `${email} ${index}`,
        tab: openTab(watcher, at),
      }))
      return { watcher, tabs }
    }),
  )
})
afterAll(async () => {
  for (const { watcher, tabs } of watchers ?? []) {
    await Promise.all(tabs.map(({ tab }) => tab.close()))
    await watcher.session.close()
  }
  await Promise.all([one?.kill(), two?.kill()])
  balancer?.close()
  redis.disconnect()
  await client.close()
  await database.drop()
  await rm(folder, { recursive: true, force: true })
})

const tabsThatSee = () =>
  watchers.filter(({ watcher }) => watcher.inbox.conversations.size > 0).flatMap(({ tabs }) => tabs)

/** Everybody who may is told of something that happened after this. */
async function goesOn(): Promise<void> {
  const [row] = await client.sql<{ last: string }[]>`select max(last_seq)::text as last from event_counters`
  await eventually(() => tabsThatSee().every(({ tab }) => tab.cursor > Number(row?.last)), WITHIN)
}

test('each of two servers is stopped, killed and started again under load: every log equals the database, and no webhook is lost', async () => {
  const load = new SteadyLoad(balancer.url, seededChance(1), POST_EVERY_MS)
  await goesOn()
  for (const [stopped, killed] of [
    [one, two],
    [two, one],
  ] as const) {
    await stopped.stop()
    await goesOn()
    await stopped.start()
    await goesOn()
    await killed.kill()
    await ageUnacked(redis)
    await goesOn()
    await killed.start()
    await goesOn()
  }
  await load.stop()

  const accepted = [...load.accepted]
  expect(accepted.length).toBeGreaterThan(50)
  await eventually(async () => {
    await ageUnacked(redis)
    const rows = await client.sql`select from messages where wamid = any(${accepted})`
    return rows.length === accepted.length
  }, WITHIN)
  for (const { watcher, tabs } of watchers) {
    const newest = await newestFor(client.sql, watcher)
    await eventually(() => tabs.every(({ tab }) => tab.cursor >= newest), WITHIN)
    expect(await flawsOfTabs(client.sql, watcher, tabs)).toEqual([])
  }
  // Stopped, killed, and the same of the other: nobody can have stayed on one server throughout.
  for (const { tab } of tabsThatSee()) expect(tab.sockets).toBeGreaterThanOrEqual(3)
  expect(tabsThatSee()).toHaveLength(6)
  expect(one.alarms + two.alarms).toBe(0)
}, 120_000)
