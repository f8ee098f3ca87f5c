import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { keepUpload } from '../inbox/keepUpload.ts'
import { createLog } from '../log.ts'
import { storeFile } from '../media/storeFile.ts'
import { type MediaStore, openMediaStore } from '../storage/mediaStore.ts'
import { eventually } from '../testing/eventually.ts'
import { FAKE_TOKEN, type FakeGraph, startFakeGraph } from '../testing/fakeGraph.ts'
import { TEST_PHONE_NUMBER_ID, type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { oneToken } from '../whatsapp/accessToken.ts'
import { createGraphMedia } from '../whatsapp/graphMedia.ts'
import { createOutgoingFiles, type OutgoingFiles, type OutgoingFilesParts } from './outgoingFiles.ts'

let workspace: TestWorkspace
let folder: string
let store: MediaStore
let graph: FakeGraph
let clock = new Date()
let files: OutgoingFiles
let parts: OutgoingFilesParts

beforeAll(async () => {
  workspace = await testWorkspace()
  folder = await mkdtemp(join(tmpdir(), 'baton-media-'))
  store = openMediaStore(`file:${folder}`)
  graph = startFakeGraph()
  const log = createLog({ level: 'silent', name: 'test' })
  const api = createGraphMedia({ apiUrl: graph.apiUrl, tokenOf: oneToken(FAKE_TOKEN) })
  parts = { sql: workspace.sql, store, graph: api, log, now: () => clock }
  files = createOutgoingFiles(parts)
})
afterAll(async () => {
  await files.close()
  await graph.stop()
  await workspace.drop()
  await rm(folder, { recursive: true })
})
beforeEach(() => {
  clock = new Date()
  graph.asked.length = 0
  graph.uploadAnswers.length = 0
})

const bytes = new TextEncoder().encode('%PDF-1.7 an offer')
const digest = createHash('sha256').update(bytes).digest('hex')

async function agentUploads(): Promise<string> {
  async function* source() {
    yield bytes
  }
  const { key: storageKey, sizeBytes, sha256 } = await storeFile(store, source())
  const looks = { width: null, height: null, durationSeconds: null, waveform: null, thumbnailKey: null }
  const { workspaceId, channelId, agentId } = workspace
  const file = { detectedType: 'application/pdf', sizeBytes, sha256, storageKey, ...looks }
  const place = { workspaceId, channelId, agentId, kind: 'document' as const, filename: 'Angebot "1".pdf' }
  const media = await keepUpload(workspace.sql, { ...file, ...place }, clock)
  return media.id
}
const idOf = (fileId: string) => files.graphIdOf(fileId, TEST_PHONE_NUMBER_ID)

test('a file is uploaded whole, once, and again only when WhatsApp has forgotten it', async () => {
  const fileId = await agentUploads()
  const first = await Promise.all([idOf(fileId), idOf(fileId)])
  expect(first[0]).toEqual(first[1])
  expect(await idOf(fileId)).toEqual(first[0])
  expect(graph.asked).toEqual([`upload application/pdf ${bytes.byteLength} ${digest}`])
  clock = new Date(clock.getTime() + 30 * 24 * 60 * 60 * 1000)
  expect(await idOf(fileId)).not.toEqual(first[0])
  expect(graph.asked.length).toBe(2)
})

test('an upload that WhatsApp refuses says why, and one that got lost can be repeated', async () => {
  const fileId = await agentUploads()
  graph.uploadAnswers.push(
    () => Response.json({ error: { code: 131053, message: 'Media upload error' } }, { status: 400 }),
    () => new Response('Bad gateway', { status: 502 }),
  )
  expect(await idOf(fileId)).toEqual({
    refused: { code: 131053, title: 'Media upload error', details: null },
  })
  expect(await idOf(fileId)).toMatchObject({ unreached: expect.stringContaining('502') })
  expect(await idOf(fileId)).toMatchObject({ graphId: expect.any(String) })
})

test('a claim does not wait for a long upload, and the next one finds it done', async () => {
  const fileId = await agentUploads()
  const { promise: gate, resolve: open } = Promise.withResolvers<void>()
  const slow: OutgoingFilesParts['graph'] = {
    ...parts.graph,
    upload: async (file, signal) => {
      await gate
      return parts.graph.upload(file, signal)
    },
  }
  const impatient = createOutgoingFiles({ ...parts, graph: slow, patienceMs: 1 })
  expect(await impatient.graphIdOf(fileId, TEST_PHONE_NUMBER_ID)).toEqual({ later: 'the upload goes on' })
  expect(await impatient.graphIdOf(fileId, TEST_PHONE_NUMBER_ID)).toEqual({ later: 'the upload goes on' })
  open()
  await eventually(async () => 'graphId' in (await impatient.graphIdOf(fileId, TEST_PHONE_NUMBER_ID)))
  expect(graph.asked.length).toBe(1)
  await impatient.close()
})

test('a file that is gone is final, for waiting would not bring it back', async () => {
  expect(await idOf(Bun.randomUUIDv7())).toMatchObject({ refused: { code: 131053 } })
  const fileId = await agentUploads()
  const [row] = await workspace.sql`select storage_key from media where id = ${fileId}`
  await store.remove(row?.storageKey)
  expect(await idOf(fileId)).toMatchObject({ refused: { code: 131053 } })
})
