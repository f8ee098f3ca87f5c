import { afterAll, expect, test } from 'bun:test'
import { createServer, type Server, type Socket } from 'node:net'
import { eventually } from '../testing/eventually.ts'
import { type DownloadOptions, downloadFile } from './downloadFile.ts'
import { NotFetched } from './mediaFailure.ts'

/** A host on this machine that answers as it is told, and remembers what it was asked. */
const asked: { path: string; host: string | null; authorization: string | null }[] = []
const answers = new Map<string, (request: Request) => Response | Promise<Response>>()
const host = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request) {
    const path = new URL(request.url).pathname
    asked.push({
      path,
      host: request.headers.get('host'),
      authorization: request.headers.get('authorization'),
    })
    return answers.get(path)?.(request) ?? new Response('nothing here', { status: 404 })
  },
})
const local = `http://127.0.0.1:${host.port}`
const raw: Server[] = []
afterAll(async () => {
  await host.stop(true)
  for (const server of raw) server.close()
})

const options: DownloadOptions = {
  apiUrl: `${local}/v24.0`,
  accessToken: 'the-token',
  largestBytes: 1000,
  silentMs: 5_000,
  signal: new AbortController().signal,
}

async function download(address: string, more: Partial<DownloadOptions> = {}): Promise<string> {
  const pieces = await Array.fromAsync(await downloadFile(address, { ...options, ...more }))
  return Buffer.concat(pieces).toString()
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof NotFetched) return error.failure
  throw new Error(`It was to fail as planned, and was ${Bun.inspect(error)}`)
}

/** A server that says the given bytes to whoever connects, and then does what it is told. */
async function says(
  bytes: string,
  then: (socket: Socket) => void = (socket) => socket.end(),
): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(bytes)
      then(socket)
    })
  })
  raw.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

test('a file is fetched with the token from the host of the Graph API', async () => {
  answers.set('/file', () => new Response('the file'))
  expect(await download(`${local}/file`)).toBe('the file')
  expect(asked.at(-1)).toEqual({
    path: '/file',
    host: `127.0.0.1:${host.port}`,
    authorization: 'Bearer the-token',
  })
})

test('nothing is asked of a host that is neither Meta nor the Graph API', async () => {
  const other = await says('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
  const addresses = [
    other,
    'https://example.com/file',
    'https://fbsbx.com.example.com/file',
    'https://evilfbsbx.com/file',
    'http://lookaside.fbsbx.com/file',
    'https://lookaside.fbsbx.com:8443/file',
    'https://user:password@lookaside.fbsbx.com/file',
    `http://me@127.0.0.1:${host.port}/file`,
    'file:///etc/passwd',
    'not an address',
  ]
  for (const address of addresses) {
    const resolve = () => Promise.reject(new Error('nobody shall be looked up'))
    expect([address, await failureOf(download(address, { resolve }))]).toEqual([address, 'FORBIDDEN_ADDRESS'])
  }
})

test('a host of Meta whose name leads into this house is not connected to', async () => {
  for (const bad of [
    '127.0.0.1',
    '10.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    'fd00::1',
  ]) {
    const before = asked.length
    // One address of two is enough: whichever is connected to, it must be a public one.
    const resolve = async () => ['157.240.20.18', bad]
    expect(await failureOf(download('https://lookaside.fbsbx.com/file', { resolve }))).toBe(
      'FORBIDDEN_ADDRESS',
    )
    expect(asked.length).toBe(before)
  }
})

test('a name is looked up once, and the connection goes to the address that was checked', async () => {
  const asIt = Bun.serve({
    hostname: '::1',
    port: 0,
    fetch: (request) => new Response(request.headers.get('host')),
  })
  const name = `localhost:${asIt.port}`
  let lookUps = 0
  const resolve = async () => {
    lookUps += 1
    return lookUps === 1 ? ['::1'] : ['157.240.20.18']
  }
  expect(await download(`http://${name}/file`, { apiUrl: `http://${name}`, resolve })).toBe(name)
  expect(lookUps).toBe(1)
  await asIt.stop(true)
})

test('with the Graph API elsewhere, an address on this machine is refused', async () => {
  const away = { apiUrl: 'https://graph.facebook.com/v24.0' }
  expect(await failureOf(download(`${local}/file`, away))).toBe('FORBIDDEN_ADDRESS')
  const resolve = async () => ['127.0.0.1']
  const ofTheApi = download('https://graph.facebook.com/file', { ...away, resolve })
  expect(await failureOf(ofTheApi)).toBe('FORBIDDEN_ADDRESS')
})

test('with the Graph API on this machine, its name must lead to this machine', async () => {
  const apiUrl = `http://localhost:${host.port}/v24.0`
  answers.set('/file', () => new Response('the file'))
  expect(
    await download(`http://localhost:${host.port}/file`, { apiUrl, resolve: async () => ['127.0.0.1'] }),
  ).toBe('the file')
  const resolve = async () => ['157.240.20.18']
  expect(await failureOf(download(`http://localhost:${host.port}/file`, { apiUrl, resolve }))).toBe(
    'FORBIDDEN_ADDRESS',
  )
})

test('a redirect within the host is followed, one to another host is not, and circles end', async () => {
  answers.set('/old', () => Response.redirect(`${local}/file`))
  expect(await download(`${local}/old`)).toBe('the file')
  const other = await says('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi')
  for (const target of [
    other,
    'https://lookaside.fbsbx.com/x',
    'http://169.254.169.254/latest',
    'file:///etc/passwd',
  ]) {
    answers.set('/away', () => new Response(null, { status: 302, headers: { location: target } }))
    expect(await failureOf(download(`${local}/away`))).toBe('REDIRECTED')
  }
  answers.set('/round', () => Response.redirect(`${local}/round`))
  expect(await failureOf(download(`${local}/round`))).toBe('REDIRECTED')
})

test('a file that says that it is too large is not begun, and one that does not is cut off', async () => {
  answers.set('/large', () => new Response('x'.repeat(1001)))
  expect(await failureOf(download(`${local}/large`))).toBe('TOO_LARGE')
  let isCutOff = false
  answers.set('/endless', () => {
    const piece = new Uint8Array(400)
    return new Response(
      new ReadableStream({
        pull: (body) => body.enqueue(piece),
        cancel() {
          isCutOff = true
        },
      }),
    )
  })
  expect(await failureOf(download(`${local}/endless`))).toBe('TOO_LARGE')
  await eventually(() => isCutOff)
})

test('fewer bytes than announced are no file', async () => {
  const short = await says('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort')
  const failure = await failureOf(download(`${short}/file`, { apiUrl: `${short}/v24.0` }))
  expect(['UNREACHABLE', 'WRONG_LENGTH']).toContain(failure)
})

test('a host that falls silent is given up, before its answer and in the middle of the file', async () => {
  const mute = await says('', () => {})
  expect(await failureOf(download(`${mute}/file`, { apiUrl: mute, silentMs: 100 }))).toBe('TIMED_OUT')
  const stalls = await says('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort', () => {})
  expect(await failureOf(download(`${stalls}/file`, { apiUrl: stalls, silentMs: 100 }))).toBe('TIMED_OUT')
})

test('each answer of WhatsApp that is no file has its word', async () => {
  const words = { 404: 'ADDRESS_EXPIRED', 401: 'TOKEN_REFUSED', 403: 'TOKEN_REFUSED', 500: 'WHATSAPP_ERROR' }
  for (const [status, word] of Object.entries(words)) {
    answers.set('/file', () => new Response('no', { status: Number(status) }))
    expect(await failureOf(download(`${local}/file`))).toBe(word)
  }
  expect(await failureOf(download('http://127.0.0.1:1/file', { apiUrl: 'http://127.0.0.1:1' }))).toBe(
    'UNREACHABLE',
  )
})
