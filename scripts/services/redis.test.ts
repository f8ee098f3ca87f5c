import { afterEach, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { isAlive } from './liveProcess.ts'
import { startRedis } from './redis.ts'
import type { RunningService } from './runningService.ts'

const closings: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'baton-redis-'))
  closings.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

async function start(dir: string): Promise<RunningService> {
  const service = await startRedis({ dir })
  closings.push(() => service.stop())
  return service
}

async function withRedis<T>({ url }: RunningService, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url)
  try {
    return await work(redis)
  } finally {
    redis.disconnect()
  }
}

test('each reply waits for the disk and nothing is ever evicted', async () => {
  const settings = await withRedis(await start(folder()), async (redis) => {
    const names = ['appendonly', 'appendfsync', 'maxmemory-policy', 'maxmemory', 'aof-load-truncated', 'save']
    const pairs = await Promise.all(names.map((name) => redis.config('GET', name) as Promise<string[]>))
    return Object.fromEntries(pairs.map(([name, value]) => [name, value]))
  })
  expect(settings).toEqual({
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    maxmemory: String(512 * 1024 * 1024),
    'aof-load-truncated': 'yes',
    save: '',
  })
})

test('nobody without the password gets in', async () => {
  const service = await start(folder())
  const stranger = new Redis(service.port, '127.0.0.1', { maxRetriesPerRequest: 0 })
  stranger.on('error', () => {})
  await expect(stranger.get('key')).rejects.toThrow(/NOAUTH/)
  stranger.disconnect()
})

test('a Redis that is killed hard comes back on its port with all that it had answered', async () => {
  const dir = folder()
  const first = await start(dir)
  await withRedis(first, (redis) => redis.xadd('whatsapp:events', '1-1', 'body', 'hello'))
  process.kill(first.pid, 'SIGKILL')
  expect(await first.exited).toBe('SIGKILL')
  const second = await start(dir)
  expect(second.url).toBe(first.url)
  expect(await withRedis(second, (redis) => redis.xlen('whatsapp:events'))).toBe(1)
})

test('a Redis that an earlier start left running is ended before the next one opens its files', async () => {
  const dir = folder()
  const orphan = await start(dir)
  const next = await start(dir)
  expect(isAlive(orphan.pid)).toBe(false)
  expect(next.port).toBe(orphan.port)
})

test('when somebody else has taken its port it moves to a free one', async () => {
  const dir = folder()
  const first = await start(dir)
  await first.stop()
  const other = createServer().listen(first.port, '127.0.0.1')
  closings.push(() => other.close())
  await new Promise((resolve) => other.once('listening', resolve))
  const second = await start(dir)
  expect(second.port).not.toBe(first.port)
})
