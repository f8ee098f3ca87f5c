import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initTRPC } from '@trpc/server'
import sharp from 'sharp'
import { type DatabaseClient, openDatabase } from '../../db/client.ts'
import { seedDemo } from '../../db/seed.ts'
import { agentOfSession } from '../auth/agentOf.ts'
import { createAuth } from '../auth/auth.ts'
import { sessionOf } from '../auth/session.ts'
import type { MediaSnapshot } from '../inbox/snapshot.ts'
import { createLog } from '../log.ts'
import { oggOfOpus } from '../media/opus.ts'
import { openMediaStore } from '../storage/mediaStore.ts'
import { eventually } from '../testing/eventually.ts'
import { type TestDatabase, testDatabase } from '../testing/testDatabase.ts'
import { createApp } from './app.ts'
import { type Listener, listen } from './listen.ts'
import { addMediaRoutes } from './media.ts'
import { createRegister, observeSockets } from './metrics.ts'

const PUBLIC_URL = 'http://localhost:3000'
const log = createLog({ level: 'silent', name: 'test' })
const t = initTRPC.context<Record<never, never>>().create()

let database: TestDatabase
let client: DatabaseClient
let folder: string
let listener: Listener
let url: string
let channelId: string
/** By first name: `ana` answers for the channel of the demo, `dan` for another. */
const cookies: Record<string, string> = {}

beforeAll(async () => {
  database = await testDatabase()
  client = openDatabase(database.url)
  folder = await mkdtemp(join(tmpdir(), 'baton-media-'))
  const number = { phoneNumberId: '1', displayPhoneNumber: '2', businessAccountId: '3', name: 'Linden & Oak' }
  await seedDemo(database.url, number)
  const secret = 'a session secret of at least 32 characters'
  const auth = createAuth({ db: client.db, sql: client.sql, publicUrl: PUBLIC_URL, secret, log })
  const register = createRegister()
  observeSockets(register, () => 0)
  const app = createApp({
    publicUrl: PUBLIC_URL,
    auth,
    router: t.router({}),
    createContext: async () => ({}),
    checks: {},
    register,
    siteFolder: '/nowhere/at/all',
    log,
    addRoutes: (routes) =>
      addMediaRoutes(routes, {
        sql: client.sql,
        store: openMediaStore(`file:${folder}`),
        publicUrl: PUBLIC_URL,
        log,
        agentOfRequest: async ({ headers }) => {
          const session = await sessionOf(auth, headers)
          return session && agentOfSession(client.sql, session.sessionId)
        },
        now: () => new Date(),
      }),
  })
  listener = listen({
    hostname: '127.0.0.1',
    port: 0,
    webhook: () => new Response(null),
    fetch: (request, connection) => app.fetch(request, connection),
    sockets: {
      upgrade: async () => undefined,
      websocket: { message: () => {} },
      recheck: async () => {},
      notifyReconnect: () => {},
      closeAll: () => {},
      count: () => 0,
    },
    log,
  })
  url = `http://127.0.0.1:${listener.port}`
  for (const name of ['ana', 'dan']) {
    const response = await fetch(`${url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: `${name}@demo.baton`, password: 'baton-demo' }),
    })
    cookies[name] = response.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    expect(cookies[name]).toStartWith('baton=')
  }
  const [channel] = await client.sql<{ id: string }[]>`
    select c.id from channels c where c.phone_number_id = '1'`
  channelId = channel?.id ?? ''
})
afterAll(async () => {
  await listener.stop()
  await client.close()
  await database.drop()
  await rm(folder, { recursive: true })
})

type Kind = MediaSnapshot['kind']
type Uploaded = { status: number; media: MediaSnapshot; reason: string; error: string }

async function upload(
  body: ReadableStream | Uint8Array<ArrayBuffer>,
  kind: Kind,
  more: {
    filename?: string
    voice?: string
    as?: string
    headers?: Record<string, string>
    channelId?: string
  } = {},
): Promise<Uploaded> {
  const query = new URLSearchParams({
    channelId: more.channelId ?? channelId,
    kind,
    filename: more.filename ?? '',
  })
  if (more.voice) query.set('voice', more.voice)
  const response = await fetch(`${url}/media?${query}`, {
    method: 'POST',
    headers: { cookie: cookies[more.as ?? 'ana'] ?? '', origin: PUBLIC_URL, ...more.headers },
    body,
  })
  return { ...((await response.json()) as Omit<Uploaded, 'status'>), status: response.status }
}

const open = (id: string, headers: Record<string, string> = {}, query = '', as = 'ana') =>
  fetch(`${url}/media/${id}${query}`, { headers: { cookie: cookies[as] ?? '', ...headers } })

const text = (value: string) => new TextEncoder().encode(value)
const picture = async (side: number, format: 'png' | 'jpeg' | 'webp' | 'gif' = 'png') =>
  new Uint8Array(
    await sharp({ create: { width: side, height: side, channels: 3, background: '#205080' } })
      [format]()
      .toBuffer(),
  )
const filesInStore = async () =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length

test('a picture that an agent uploads comes back byte for byte, with its size and a small copy', async () => {
  const bytes = await picture(900, 'jpeg')
  const { status, media } = await upload(bytes, 'image', { filename: 'Grüße "aus" Köln.jpg' })
  expect(status).toBe(201)
  expect(media).toMatchObject({
    kind: 'image',
    state: 'stored',
    type: 'image/jpeg',
    sizeBytes: bytes.byteLength,
  })
  expect([media.width, media.height, media.hasThumbnail]).toEqual([900, 900, true])
  const file = await open(media.id)
  expect(file.status).toBe(200)
  expect(await file.bytes()).toEqual(bytes)
  expect(file.headers.get('content-length')).toBe(String(bytes.byteLength))
  expect(file.headers.get('content-type')).toBe('image/jpeg')
  expect(file.headers.get('cache-control')).toStartWith('private')
  expect(file.headers.get('x-content-type-options')).toBe('nosniff')
  expect(file.headers.get('content-security-policy')).toContain('sandbox')
  expect(file.headers.get('content-disposition')).toBe(
    `inline; filename="Gr__e _aus_ K_ln.jpg"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20_aus_%20K%C3%B6ln.jpg`,
  )
  const kept = await open(media.id, {}, '?download=1')
  expect(kept.headers.get('content-disposition')).toStartWith('attachment')
  const small = await open(media.id, {}, '?thumbnail=1')
  expect(small.headers.get('content-type')).toBe('image/webp')
  expect((await sharp(await small.bytes()).metadata()).width).toBe(320)
})

test('a film can be asked for in parts, and what is known is not sent again', async () => {
  const { media } = await upload(text('0123456789'), 'document', { filename: 'ten.txt' })
  const part = async (range: string, more = {}) => {
    const response = await open(media.id, { range, ...more })
    return [response.status, await response.text(), response.headers.get('content-range')]
  }
  expect(await part('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10'])
  expect(await part('bytes=7-')).toEqual([206, '789', 'bytes 7-9/10'])
  expect(await part('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10'])
  expect(await part('bytes=8-99')).toEqual([206, '89', 'bytes 8-9/10'])
  expect(await part('bytes=-99')).toEqual([206, '0123456789', 'bytes 0-9/10'])
  expect(await part('bytes=10-')).toEqual([416, '', 'bytes */10'])
  expect(await part('bytes=-0')).toEqual([416, '', 'bytes */10'])
  for (const range of ['bytes=4-2', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=-', 'bytes=a-b'])
    expect(await part(range)).toEqual([200, '0123456789', null])

  const etag = (await open(media.id)).headers.get('etag') ?? ''
  expect(await part('bytes=0-1', { 'if-range': etag })).toEqual([206, '01', 'bytes 0-1/10'])
  expect(await part('bytes=0-1', { 'if-range': '"another"' })).toEqual([200, '0123456789', null])
  expect((await open(media.id, { 'if-none-match': etag })).status).toBe(304)
  const head = await fetch(`${url}/media/${media.id}`, {
    method: 'HEAD',
    headers: { cookie: cookies.ana ?? '' },
  })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', ''])
})

test('nobody opens, or uploads for, what is not theirs', async () => {
  const { media } = await upload(text('for Support only'), 'document')
  expect((await open(media.id, {}, '', 'dan')).status).toBe(404)
  expect((await open(media.id, { cookie: '' })).status).toBe(401)
  expect((await open(Bun.randomUUIDv7())).status).toBe(404)
  for (const id of ['..%2f..%2fetc%2fpasswd', 'nothing', "' or 1=1"])
    expect((await open(id)).status).toBe(404)
  expect(await upload(text('x'), 'document', { as: 'dan' })).toMatchObject({
    status: 404,
    reason: 'NOT_FOUND',
  })
  expect(await upload(text('x'), 'document', { as: 'nobody' })).toMatchObject({ status: 401 })
})

test('another site can not upload with an agent’s cookie', async () => {
  const before = await filesInStore()
  for (const headers of [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { origin: '' },
  ])
    expect(await upload(text('x'), 'document', { headers })).toMatchObject({
      status: 403,
      reason: 'CROSS_SITE',
    })
  expect(await filesInStore()).toBe(before)
})

test('what could run is given out as a file only, whatever it calls itself', async () => {
  const { media } = await upload(text('words'), 'document', { filename: 'a.png' })
  for (const type of [
    'text/html',
    'image/svg+xml',
    'application/xml',
    'application/octet-stream',
    'made/up',
  ]) {
    // As a customer may send it; an agent could not.
    await client.sql`update media set detected_type = ${type}, mime_type = 'image/png' where id = ${media.id}`
    const file = await open(media.id)
    expect(file.headers.get('content-disposition')).toStartWith('attachment')
    expect(file.headers.get('content-type')).toBe(type === 'made/up' ? type : 'application/octet-stream')
    expect(file.headers.get('content-security-policy')).toContain('sandbox')
    expect(file.headers.get('x-content-type-options')).toBe('nosniff')
  }
})

test('each kind takes what WhatsApp takes, told by the bytes and not by the name', async () => {
  const takes: [Kind, Uint8Array<ArrayBuffer>][] = [
    ['image', await picture(10)],
    ['sticker', await picture(10, 'webp')],
    ['audio', text('ID3 a song')],
    ['video', text('....ftypisom a film')],
    ['document', text('%PDF-1.7 a letter')],
    ['document', await picture(10, 'webp')],
    ['document', text('name,phone')],
  ]
  for (const [kind, bytes] of takes) expect([kind, (await upload(bytes, kind)).status]).toEqual([kind, 201])
  const refuses: [Kind, Uint8Array<ArrayBuffer>][] = [
    ['image', await picture(10, 'gif')],
    ['image', await picture(10, 'webp')],
    ['image', text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['sticker', await picture(10)],
    ['audio', text('OggS and then Vorbis')],
    ['audio', text('%PDF-1.7 a letter')],
    ['video', await picture(10)],
    ['document', await picture(10, 'gif')],
    ['document', text('<html><script>alert(1)</script>')],
    ['document', new Uint8Array([1, 2, 3, 0, 255])],
  ]
  const before = await filesInStore()
  for (const [kind, bytes] of refuses) {
    const answer = await upload(bytes, kind, {
      filename: 'name.jpg',
      headers: { 'content-type': 'image/jpeg' },
    })
    expect([kind, answer.status, answer.reason]).toEqual([kind, 415, 'WRONG_TYPE'])
    expect(answer.error).toContain('WhatsApp takes')
  }
  expect(await upload(new Uint8Array(), 'document')).toMatchObject({ status: 400, reason: 'EMPTY' })
  expect(await filesInStore()).toBe(before)
})

test('a file that is too large is refused when it says so, and cut off when it does not', async () => {
  const before = await filesInStore()
  const large = new Uint8Array(5 * 1024 * 1024 + 1)
  large.set(await picture(10, 'jpeg'))
  expect(await upload(large, 'image')).toMatchObject({ status: 413, reason: 'TOO_LARGE' })
  async function* inPieces() {
    for (let at = 0; at < large.byteLength; at += 65_536) yield large.subarray(at, at + 65_536)
  }
  const silent = await upload(new Response(inPieces()).body ?? new ReadableStream(), 'image')
  expect(silent).toMatchObject({ status: 413, reason: 'TOO_LARGE' })
  expect(silent.error).toContain('5 MB')
  const sticker = new Uint8Array(100 * 1024 + 1)
  sticker.set(await picture(10, 'webp'))
  expect(await upload(sticker, 'sticker')).toMatchObject({ status: 413, reason: 'TOO_LARGE' })
  expect(await filesInStore()).toBe(before)
})

test('an upload that is broken off leaves nothing behind', async () => {
  const before = await filesInStore()
  const socket = connect(listener.port, '127.0.0.1')
  const query = new URLSearchParams({ channelId, kind: 'document', filename: 'half.bin' })
  socket.write(
    `POST /media?${query} HTTP/1.1\r\nHost: x\r\nCookie: ${cookies.ana}\r\nOrigin: ${PUBLIC_URL}\r\n` +
      `Content-Length: 200000\r\n\r\n${'%PDF-'.repeat(20_000)}`,
  )
  await eventually(async () => (await filesInStore()) === before + 1, { what: 'the upload has begun' })
  socket.destroy()
  await eventually(async () => (await filesInStore()) === before, { what: 'the upload is gone' })
})

test('a voice note is kept as Ogg with Opus, and one that can not be made is refused in plain words', async () => {
  const head = new Uint8Array(19)
  head.set(text('OpusHead'))
  head.set([1, 2, 0, 0, 0x80, 0xbb], 8)
  const packets = Array.from({ length: 150 }, () => new Uint8Array([0xf8, 0xff, 0xfe]))
  const ogg = oggOfOpus({ head, packets })
  if (ogg === null) throw new Error('The premise of this test is a recording')
  const { status, media } = await upload(new Uint8Array(ogg), 'audio', { voice: '1' })
  expect(status).toBe(201)
  expect(media).toMatchObject({ type: 'audio/ogg', durationSeconds: 3 })
  if (Bun.which('ffmpeg') !== null) return
  const aac = await upload(text('....ftypiso5 AAC of Safari'), 'audio', { voice: '1' })
  expect(aac).toMatchObject({ status: 415, reason: 'NOT_CONVERTIBLE' })
  expect(aac.error).toContain('ffmpeg')
})

test('a file that is not here yet says how far it is', async () => {
  const id = Bun.randomUUIDv7()
  const [workspace] = await client.sql`select workspace_id from channels where id = ${channelId}`
  await client.sql`
    insert into media (id, workspace_id, channel_id, direction, kind, state, failure)
    values (${id}, ${workspace?.workspaceId}, ${channelId}, 'in', 'image', 'failed', 'NOT_FOUND')`
  const answer = await open(id)
  expect(answer.status).toBe(409)
  expect(await answer.json()).toMatchObject({ reason: 'NOT_STORED', state: 'failed', failure: 'NOT_FOUND' })
  expect(answer.headers.get('cache-control')).toBe('no-store')
})
