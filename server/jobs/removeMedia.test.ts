import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { releaseFiles } from '../inbox/removeFiles.ts'
import { createBell } from '../live/bell.ts'
import { createLog } from '../log.ts'
import { connectBlockingRedis, connectRedis } from '../redis.ts'
import { newKey } from '../storage/mediaKey.ts'
import { type MediaStore, openMediaStore } from '../storage/mediaStore.ts'
import { eventually } from '../testing/eventually.ts'
import { testRedis } from '../testing/testRedis.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { removeMedia } from './removeMedia.ts'
import { workJobs } from './workJobs.ts'

let workspace: TestWorkspace
let folder: string
let store: MediaStore
const log = createLog({ level: 'silent', name: 'test' })

beforeAll(async () => {
  workspace = await testWorkspace()
  folder = await mkdtemp(join(tmpdir(), 'baton-removed-'))
  store = openMediaStore(`file:${folder}`)
})
afterAll(async () => {
  await workspace.drop()
  await rm(folder, { recursive: true })
})

async function* bytes() {
  yield new Uint8Array([1, 2, 3])
}

/** A stored file that no message shows. */
async function storedFile(): Promise<{ id: string; key: string }> {
  const [id, key] = [Bun.randomUUIDv7(), newKey()]
  const { workspaceId, channelId } = workspace
  await store.write(key, bytes())
  await workspace.sql`
    insert into media (id, workspace_id, channel_id, direction, kind, state, storage_key, size_bytes)
    values (${id}, ${workspaceId}, ${channelId}, 'in', 'document', 'stored', ${key}, 3)`
  return { id, key }
}
const release = (id: string) =>
  workspace.sql.begin((tx) => releaseFiles(tx, [id], { workspaceId: workspace.workspaceId }))
const waiting = async () => (await workspace.sql`select 1 from files_to_remove`).length

test('a file whose row is gone is taken out of the store by its job', async () => {
  const { url } = await testRedis()
  const [redis, subscriber] = [connectRedis(url, log), connectBlockingRedis(url, 0, log)]
  const bell = createBell(redis, subscriber, log)
  const { id, key } = await storedFile()
  expect(await release(id)).toEqual({ files: 1, bytes: 3 })
  expect(await store.size(key)).toBe(3)
  const jobs = await workJobs(
    { databaseUrl: workspace.databaseUrl, bell, log },
    { 'media.remove': (_, signal) => removeMedia({ sql: workspace.sql, store, log }, signal) },
  )
  await eventually(async () => (await store.size(key)) === null, { withinMs: 10_000 })
  await eventually(async () => (await waiting()) === 0)
  await jobs.stop()
  bell.close()
  redis.disconnect()
  subscriber.disconnect()
})

test('while the store is away, what is to be removed is not forgotten', async () => {
  const { id, key } = await storedFile()
  await release(id)
  const away: MediaStore = { ...store, remove: () => Promise.reject(new Error('The store is away')) }
  const never = new AbortController().signal
  await expect(removeMedia({ sql: workspace.sql, store: away, log }, never)).rejects.toThrow('away')
  expect(await waiting()).toBe(1)
  await removeMedia({ sql: workspace.sql, store, log }, never)
  expect(await store.size(key)).toBeNull()
  expect(await waiting()).toBe(0)
})
