import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { repeatable } from '../../db/repeatable.ts'
import { messagesById } from '../inbox/readMessages.ts'
import { retryMedia } from '../inbox/retryMedia.ts'
import type { MediaSnapshot } from '../inbox/snapshot.ts'
import { persist } from '../ingest/persist.ts'
import { createBell } from '../live/bell.ts'
import { createLog } from '../log.ts'
import { connectBlockingRedis, connectRedis } from '../redis.ts'
import { bytesOf, type MediaStore, openMediaStore } from '../storage/mediaStore.ts'
import { delivery, seconds } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { FAKE_TOKEN, type FakeFile, type FakeGraph, startFakeGraph } from '../testing/fakeGraph.ts'
import { reachTo } from '../testing/testReach.ts'
import { testRedis } from '../testing/testRedis.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { oneToken } from '../whatsapp/accessToken.ts'
import { createGraphMedia } from '../whatsapp/graphMedia.ts'
import { NotFetched } from '../whatsapp/mediaFailure.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { type DownloadParts, downloadMedia } from './downloadMedia.ts'
import { workJobs } from './workJobs.ts'

let workspace: TestWorkspace
let folder: string
let store: MediaStore
let graph: FakeGraph
let parts: DownloadParts
let clock = new Date()
const log = createLog({ level: 'silent', name: 'test' })

beforeAll(async () => {
  workspace = await testWorkspace()
  folder = await mkdtemp(join(tmpdir(), 'baton-media-'))
  store = openMediaStore(`file:${folder}`)
  graph = startFakeGraph()
  const tokenOf = oneToken(FAKE_TOKEN)
  const files = createGraphMedia({ apiUrl: graph.apiUrl, tokenOf })
  const download = { apiUrl: graph.apiUrl, largestBytes: 1_000_000, silentMs: 5_000 }
  const bell = { ring: () => {} }
  parts = { sql: workspace.sql, store, graph: files, download, tokenOf, bell, log, now: () => clock }
})
afterAll(async () => {
  await graph.stop()
  await workspace.drop()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  clock = new Date()
  graph.asked.length = 0
  await workspace.sql`delete from pgboss.job`
})

const never = new AbortController().signal
let count = 0

/** A customer sends a file; the ids of its message and of its file here. */
async function customerSends(
  file: FakeFile,
  part: { type?: string; mimeType?: string; sha256?: string; filename?: string } = {},
): Promise<{ messageId: string; mediaId: string; graphId: string }> {
  const graphId = `file-${++count}`
  const wamid = `wamid.file.${count}`
  graph.files.set(graphId, file)
  const { type = 'image', mimeType = 'image/png', filename } = part
  const sha256 = part.sha256 ?? createHash('sha256').update(file.bytes).digest('base64')
  const body = delivery({
    contacts: [{ profile: { name: 'Sheena' }, wa_id: '16505551234' }],
    messages: [
      {
        from: '16505551234',
        id: wamid,
        timestamp: seconds(clock),
        type,
        [type]: { id: graphId, mime_type: mimeType, sha256, ...(filename && { filename }) },
      },
    ],
  })
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  const items = readDelivery(bytes, clock).map((item) => ({
    ...item,
    streamId: `${clock.getTime()}-${count}`,
    receivedAt: clock,
    body: bytes,
  }))
  const { hasJobs } = await persist(workspace.sql, items, () => clock)
  expect(hasJobs).toBe(true)
  const [row] = await workspace.sql<{ id: string; mediaId: string }[]>`
    select id, media_id from messages where wamid = ${wamid}`
  if (!row) throw new Error('The message was not stored')
  return { messageId: row.id, mediaId: row.mediaId, graphId }
}

async function mediaOf(messageId: string): Promise<MediaSnapshot> {
  const [message] = await messagesById(workspace.sql, [messageId])
  if (!message?.media) throw new Error('The message has no file')
  return message.media
}

async function eventsOf(messageId: string): Promise<{ type: string; media: MediaSnapshot }[]> {
  const rows = await workspace.sql<{ type: string; payload: { message: { media: MediaSnapshot } } }[]>`
    select type, payload from events where payload -> 'message' ->> 'id' = ${messageId} order by seq`
  return rows.map(({ type, payload }) => ({ type, media: payload.message.media }))
}

/** One try, as the job makes it; the word of what it threw to come again. */
async function tryOnce(mediaId: string): Promise<string | null> {
  try {
    await downloadMedia(parts, mediaId, never)
    return null
  } catch (error) {
    if (error instanceof NotFetched) return error.failure
    throw error
  }
}

const picture = async (width: number, height: number) =>
  new Uint8Array(
    await sharp({ create: { width, height, channels: 3, background: '#a03020' } })
      .png()
      .toBuffer(),
  )
const filesInStore = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length

test('a message with a file says so before the file is here, and has a job', async () => {
  const { messageId, mediaId } = await customerSends({ bytes: await picture(8, 8) })
  const [added] = await eventsOf(messageId)
  expect(added?.type).toBe('message.added')
  expect(added?.media).toEqual(await mediaOf(messageId))
  expect(added?.media).toMatchObject({ id: mediaId, kind: 'image', state: 'waiting', type: 'image/png' })
  const jobs = await workspace.sql`select data from pgboss.job where state = 'created'`
  expect(jobs.map((job) => job.data)).toEqual([{ mediaId }])
})

test('a picture is stored whole, with its size and a small copy, and everybody is told', async () => {
  const bytes = await picture(1200, 600)
  const { messageId, mediaId } = await customerSends({ bytes })
  expect(await tryOnce(mediaId)).toBeNull()
  const media = await mediaOf(messageId)
  expect(media).toMatchObject({
    state: 'stored',
    type: 'image/png',
    sizeBytes: bytes.byteLength,
    hasThumbnail: true,
  })
  expect([media.width, media.height, media.failure]).toEqual([1200, 600, null])
  expect((await eventsOf(messageId)).map((event) => [event.type, event.media.state])).toEqual([
    ['message.added', 'waiting'],
    ['message.changed', 'stored'],
  ])
  const [row] =
    await workspace.sql`select storage_key, thumbnail_key, sha256 from media where id = ${mediaId}`
  expect(await bytesOf(store, row?.storageKey)).toEqual(bytes)
  expect(row?.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
  const small = await sharp(await bytesOf(store, row?.thumbnailKey)).metadata()
  expect([small.format, small.width, small.height]).toEqual(['webp', 320, 160])
})

test('the type is what the bytes say, not what the sender says', async () => {
  const page = new TextEncoder().encode('<!DOCTYPE html><script>alert(1)</script>')
  const { messageId, mediaId } = await customerSends({ bytes: page }, { mimeType: 'image/jpeg' })
  await tryOnce(mediaId)
  expect(await mediaOf(messageId)).toMatchObject({ state: 'stored', type: 'text/html', hasThumbnail: false })
})

test('the digest is checked in base64 and in hex, and wrong bytes are never shown', async () => {
  const bytes = await picture(10, 10)
  const hex = createHash('sha256').update(bytes).digest('hex')
  const inHex = await customerSends({ bytes }, { sha256: hex })
  expect(await tryOnce(inHex.mediaId)).toBeNull()
  expect((await mediaOf(inHex.messageId)).state).toBe('stored')

  const before = await filesInStore()
  const wrong = createHash('sha256').update('something else').digest()
  const toldWrong = await customerSends({ bytes }, { sha256: wrong.toString('base64') })
  const describedWrong = await customerSends({ bytes, sha256: wrong.toString('hex') })
  for (const { mediaId, messageId } of [toldWrong, describedWrong]) {
    expect(await tryOnce(mediaId)).toBe('WRONG_DIGEST')
    expect(await tryOnce(mediaId)).toBe('WRONG_DIGEST')
    expect(await mediaOf(messageId)).toMatchObject({ state: 'waiting', failure: 'WRONG_DIGEST' })
    expect(await tryOnce(mediaId)).toBeNull()
    expect(await mediaOf(messageId)).toMatchObject({ state: 'failed', failure: 'WRONG_DIGEST' })
  }
  expect(await filesInStore()).toBe(before)
})

test('an address that died in the meantime is asked for anew', async () => {
  let downloads = 0
  const bytes = await picture(10, 10)
  const file: FakeFile = {
    bytes,
    download: () => (++downloads === 1 ? new Response('expired', { status: 404 }) : new Response(bytes)),
  }
  const { messageId, mediaId, graphId } = await customerSends(file)
  expect(await tryOnce(mediaId)).toBe('ADDRESS_EXPIRED')
  expect(await mediaOf(messageId)).toMatchObject({ state: 'waiting', failure: 'ADDRESS_EXPIRED' })
  expect(await tryOnce(mediaId)).toBeNull()
  expect(await mediaOf(messageId)).toMatchObject({ state: 'stored', failure: null })
  expect(graph.asked).toEqual([
    `describe ${graphId}`,
    `download ${graphId}`,
    `describe ${graphId}`,
    `download ${graphId}`,
  ])
})

test('a failure that passes is told once, however often it comes again', async () => {
  const file: FakeFile = { bytes: await picture(9, 9), download: () => new Response('', { status: 503 }) }
  const { messageId, mediaId } = await customerSends(file)
  for (let index = 0; index < 3; index++) expect(await tryOnce(mediaId)).toBe('WHATSAPP_ERROR')
  expect((await eventsOf(messageId)).map((event) => [event.media.state, event.media.failure])).toEqual([
    ['waiting', null],
    ['waiting', 'WHATSAPP_ERROR'],
  ])
})

test('what no repetition mends has failed at once, and an agent can have it tried again', async () => {
  const bytes = await picture(10, 10)
  const file: FakeFile = { bytes, url: 'http://169.254.169.254/latest/meta-data' }
  const { messageId, mediaId } = await customerSends(file)
  expect(await tryOnce(mediaId)).toBeNull()
  expect(await mediaOf(messageId)).toMatchObject({ state: 'failed', failure: 'FORBIDDEN_ADDRESS' })

  delete file.url
  await workspace.sql`delete from pgboss.job`
  const retried = await repeatable(workspace.sql, (tx) =>
    retryMedia(tx, mediaId, reachTo([workspace.channelId]), clock),
  )
  expect(retried).toMatchObject({ state: 'waiting', failure: null })
  const jobs = await workspace.sql`select data from pgboss.job`
  expect(jobs.map((job) => job.data)).toEqual([{ mediaId }])
  expect(await tryOnce(mediaId)).toBeNull()
  expect((await eventsOf(messageId)).map((event) => event.media.state)).toEqual([
    'waiting',
    'failed',
    'waiting',
    'stored',
  ])
})

test('a file is asked for until WhatsApp keeps it no more, and then it has expired', async () => {
  const { messageId, mediaId, graphId } = await customerSends({
    bytes: await picture(10, 10),
    describe: () => Response.json({ error: { code: 2, message: 'Temporarily down' } }, { status: 500 }),
  })
  clock = new Date(clock.getTime() + 6 * 24 * 60 * 60 * 1000)
  expect(await tryOnce(mediaId)).toBe('WHATSAPP_ERROR')
  clock = new Date(clock.getTime() + 2 * 24 * 60 * 60 * 1000)
  expect(await tryOnce(mediaId)).toBeNull()
  expect(await mediaOf(messageId)).toMatchObject({ state: 'expired', failure: 'EXPIRED' })
  expect(graph.asked).toEqual([`describe ${graphId}`])
  const again = repeatable(workspace.sql, (tx) =>
    retryMedia(tx, mediaId, reachTo([workspace.channelId]), clock),
  )
  await expect(again).rejects.toMatchObject({ reason: 'WRONG_STATE' })
})

test('a file of somebody else can not be asked for', async () => {
  const { mediaId } = await customerSends({ bytes: await picture(10, 10) })
  const retry = repeatable(workspace.sql, (tx) =>
    retryMedia(tx, mediaId, reachTo([Bun.randomUUIDv7()]), clock),
  )
  await expect(retry).rejects.toMatchObject({ reason: 'NOT_FOUND' })
})

test('two that fetch the same file leave one copy of it', async () => {
  const { messageId, mediaId } = await customerSends({ bytes: await picture(700, 700) })
  const before = await filesInStore()
  await Promise.all([tryOnce(mediaId), tryOnce(mediaId)])
  expect((await mediaOf(messageId)).state).toBe('stored')
  expect(await filesInStore()).toBe(before + 2) // the picture and its small copy
  expect((await eventsOf(messageId)).length).toBe(2)
})

test('a redelivered message and a second message with the same file fetch nothing twice', async () => {
  const bytes = await picture(11, 11)
  const first = await customerSends({ bytes })
  await tryOnce(first.mediaId)
  await workspace.sql`update media set graph_id = 'shared' where id = ${first.mediaId}`
  const second = delivery({
    contacts: [{ profile: { name: 'Sheena' }, wa_id: '16505551234' }],
    messages: [
      {
        from: '16505551234',
        id: 'wamid.shared',
        timestamp: seconds(clock),
        type: 'image',
        image: { id: 'shared', mime_type: 'image/png' },
      },
    ],
  })
  const body = new TextEncoder().encode(JSON.stringify(second))
  const items = readDelivery(body, clock).map((item) => ({
    ...item,
    streamId: '1-0',
    receivedAt: clock,
    body,
  }))
  await workspace.sql`delete from pgboss.job`
  expect((await persist(workspace.sql, items, () => clock)).hasJobs).toBe(false)
  const [row] = await workspace.sql<{ id: string }[]>`select id from messages where wamid = 'wamid.shared'`
  expect(await mediaOf(row?.id ?? '')).toMatchObject({ id: first.mediaId, state: 'stored' })
  expect((await eventsOf(row?.id ?? ''))[0]?.media.state).toBe('stored')
  expect((await workspace.sql`select 1 from pgboss.job`).length).toBe(0)
})

test('jobs run at the ring of the bell, repeat what failed, and stop in order', async () => {
  const redis = await testRedis()
  const [client, subscriber] = [connectRedis(redis.url, log), connectBlockingRedis(redis.url, 0, log)]
  const bell = createBell(client, subscriber, log)
  const jobs = await workJobs(
    { databaseUrl: workspace.databaseUrl, bell, log },
    {
      'media.download': ({ mediaId }, signal) => downloadMedia({ ...parts, bell }, mediaId, signal),
    },
  )
  const heard: string[] = []
  bell.listen('events', (workspaceId) => heard.push(workspaceId))
  try {
    let downloads = 0
    const bytes = await picture(500, 500)
    const fine = await customerSends({ bytes })
    const late = await customerSends({
      bytes,
      download: () => (++downloads === 1 ? new Response('', { status: 500 }) : new Response(bytes)),
    })
    // Rung until heard: the subscription itself may still be on its way.
    await eventually(
      async () => {
        bell.ring('jobs')
        return (await mediaOf(fine.messageId)).state === 'stored'
      },
      { withinMs: 2_000 },
    )
    await eventually(() => heard.includes(workspace.workspaceId))
    await eventually(async () => {
      const [row] = await workspace.sql`
        select state from pgboss.job where data = ${JSON.stringify({ mediaId: late.mediaId })}::text::jsonb`
      return row?.state === 'retry'
    })
    await workspace.sql`update pgboss.job set start_after = now() where state = 'retry'`
    await eventually(async () => {
      bell.ring('jobs')
      return (await mediaOf(late.messageId)).state === 'stored'
    })
  } finally {
    await jobs.stop()
    bell.close()
    client.disconnect()
    subscriber.disconnect()
  }
})
