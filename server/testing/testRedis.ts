import { Redis } from 'ioredis'
import { testVariable } from './testServers.ts'

export interface TestRedis {
  url: string
  /** Empties it. */
  flush(): Promise<void>
}

/** Database 0 holds this counter alone; the test run starts Redis with as many databases as are counted to. */
const counter = 'baton:test:taken'
const databases = 512

/**
 * A Redis database of one's own, empty. Keys are apart, channels are not: pub/sub knows no databases, so what rings
 * here is heard by every test that runs at the same time.
 */
export async function testRedis(): Promise<TestRedis> {
  const server = testVariable('TEST_REDIS_URL')
  const taken = await using(server, (redis) => redis.incr(counter))
  const url = new URL(server)
  url.pathname = `/${1 + ((taken - 1) % (databases - 1))}`
  const flush = () => using(url.href, (redis) => redis.flushdb()).then(() => undefined)
  await flush()
  return { url: url.href, flush }
}

async function using<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}
