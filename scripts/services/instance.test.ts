import { afterEach, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { claimInstance } from './instance.ts'
import { inboxPort } from './listenPort.ts'
import { birthOf } from './liveProcess.ts'
import { readRun, removeRun, writeRun } from './runFile.ts'

const closings: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'baton-instance-'))
  closings.push(() => rmSync(path, { recursive: true, force: true }))
  return path
}

function sleeper() {
  const child = Bun.spawn(['sleep', '60'])
  closings.push(() => child.kill('SIGKILL'))
  return child
}

test('a second start on the same data directory is refused with the address of the first', async () => {
  const dir = folder()
  const alive = sleeper()
  writeFileSync(
    join(dir, 'start.lock'),
    JSON.stringify({ pid: alive.pid, birth: birthOf(alive.pid), children: {} }),
  )
  const run = { url: 'http://localhost:3000', databaseUrl: '', redisUrl: '', pids: {}, startedAt: '' }
  writeRun(dir, run)
  await expect(claimInstance(dir)).rejects.toThrow(
    /already runs .* at http:\/\/localhost:3000 \(process \d+\)/,
  )
})

test('the lock of a start that was killed hard is taken over, and what it left running is ended', async () => {
  const dir = folder()
  const left = sleeper()
  const children = { server: { pid: left.pid, birth: birthOf(left.pid) } }
  writeFileSync(join(dir, 'start.lock'), JSON.stringify({ pid: 2 ** 22 + 1, birth: 'long ago', children }))
  const claim = await claimInstance(dir)
  expect(await left.exited).not.toBe(0)
  claim.release()
  expect(existsSync(join(dir, 'start.lock'))).toBe(false)
})

test('a number that was given to another program since is not taken for ours', async () => {
  const dir = folder()
  const other = sleeper()
  const children = { server: { pid: other.pid, birth: 'an earlier time' } }
  writeFileSync(
    join(dir, 'start.lock'),
    JSON.stringify({ pid: other.pid, birth: 'an earlier time', children }),
  )
  await claimInstance(dir)
  expect(other.exitCode).toBeNull()
})

test('run.json is for its owner alone and gone when removed', () => {
  const dir = folder()
  writeRun(dir, {
    url: 'http://localhost:1',
    databaseUrl: '',
    redisUrl: '',
    pids: { start: 1 },
    startedAt: '',
  })
  expect(statSync(join(dir, 'run.json')).mode & 0o777).toBe(0o600)
  expect(readRun(dir)?.pids.start).toBe(1)
  removeRun(dir)
  expect(readRun(dir)).toBeUndefined()
})

test('a taken port is refused with a way out, and 0 picks a free one', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  closings.push(() => other.close())
  await new Promise((resolve) => other.once('listening', resolve))
  const address = other.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  await expect(inboxPort(String(port), '127.0.0.1')).rejects.toThrow(
    `Port ${port} is taken by another program. Set PORT=`,
  )
  expect(await inboxPort('0', '127.0.0.1')).toBeGreaterThan(0)
  await expect(inboxPort('many', '127.0.0.1')).rejects.toThrow(/PORT is many/)
})
