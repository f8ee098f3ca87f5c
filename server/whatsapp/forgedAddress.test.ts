import { afterAll, describe, expect, test } from 'bun:test'
import { type DownloadOptions, downloadFile } from './downloadFile.ts'
import { NotFetched } from './mediaFailure.ts'

/**
 * CW-6931 and CW-6940 (Chatwoot: SSRF in what the server fetches; its first fix broke installations, #14489), CVE-2021-3742: an
 * address that is not what it looks like. With the Graph API of Meta, as in production: a machine of this house must never be asked,
 * and the token must never leave Meta.
 */
const asked: string[] = []
/** Stands for every machine of this house. */
const house = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request) {
    asked.push(request.headers.get('authorization') ?? 'without a token')
    return new Response('a secret of this house')
  },
})
const port = house.port
afterAll(() => house.stop(true))

const options: DownloadOptions = {
  apiUrl: 'https://graph.facebook.com/v24.0',
  accessToken: 'the-token',
  largestBytes: 1000,
  silentMs: 2_000,
  signal: new AbortController().signal,
  // Whatever is looked up leads into the house: only what is refused before or after that is safe.
  resolve: async () => ['127.0.0.1'],
}

async function failureOf(address: string, more: Partial<DownloadOptions> = {}): Promise<string> {
  try {
    const pieces = await Array.fromAsync(await downloadFile(address, { ...options, ...more }))
    return `fetched: ${Buffer.concat(pieces)}`
  } catch (error) {
    if (error instanceof NotFetched) return error.failure
    throw error
  }
}

async function isRefused(address: string, more: Partial<DownloadOptions> = {}): Promise<void> {
  expect([address, await failureOf(address, more)]).toEqual([address, 'FORBIDDEN_ADDRESS'])
  expect(asked).toEqual([])
}

describe('an address of this house is not fetched', () => {
  test('in any writing of its number', async () => {
    for (const host of [
      ...[
        '127.0.0.1',
        '127.1',
        '127.0.1',
        '0',
        '0.0.0.0',
        '2130706433',
        '0x7f000001',
        '0x7f.1',
        '017700000001',
      ],
      ...['0177.0.0.1', '127.0.0.1.', '127。0。0。1', '①②⑦.⓪.⓪.①', '%31%32%37.0.0.1'],
      ...[
        '[::1]',
        '[::]',
        '[::ffff:127.0.0.1]',
        '[::ffff:7f00:1]',
        '[0:0:0:0:0:ffff:7f00:0001]',
        '[::127.0.0.1]',
      ],
      ...['[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[fe80::1]', '[fd00::1]', '10.0.0.1', '169.254.169.254'],
      ...['localhost', 'LOCALHOST', 'localhost.', 'metadata.google.internal', 'kubernetes.default.svc'],
    ])
      for (const scheme of ['http', 'https']) await isRefused(`${scheme}://${host}:${port}/file`)
  })

  test('by a name of Meta, whatever it resolves to now', async () => {
    for (const address of [
      '127.0.0.1',
      '::1',
      '::ffff:127.0.0.1',
      '::ffff:a00:1',
      '10.0.0.1',
      '169.254.169.254',
      '0.0.0.0',
    ]) {
      await isRefused('https://lookaside.fbsbx.com/file', { resolve: async () => [address] })
      await isRefused('https://graph.facebook.com/file', { resolve: async () => [address] })
      // One bad address among good ones, first or last.
      await isRefused('https://mmg.whatsapp.net/file', { resolve: async () => ['157.240.20.18', address] })
      await isRefused('https://mmg.whatsapp.net/file', { resolve: async () => [address, '157.240.20.18'] })
    }
    await isRefused('https://lookaside.fbsbx.com/file', { resolve: async () => [] })
  })

  test('by a name that leads elsewhere the second time it is asked (DNS rebinding): the address that was checked is connected to', async () => {
    // One name, two machines: which of them the system would find by itself does not matter, for one of the two is wrong.
    const machineAt = (hostname: string, port: number) =>
      Bun.serve({ hostname, port, fetch: () => new Response(hostname) })
    const first = machineAt('127.0.0.1', 0)
    const machines = [first, machineAt('::1', first.port ?? 0)]
    const name = `localhost:${first.port}`
    for (const checked of ['127.0.0.1', '::1']) {
      const lookUps: string[] = []
      const resolve = async (host: string) => {
        lookUps.push(host)
        return lookUps.length === 1 ? [checked] : ['10.0.0.1']
      }
      const outcome = await failureOf(`http://${name}/file`, { apiUrl: `http://${name}/v24.0`, resolve })
      expect([outcome, lookUps]).toEqual([`fetched: ${checked}`, ['localhost']])
    }
    for (const machine of machines) await machine.stop(true)
  })

  test('by another scheme', async () => {
    for (const scheme of ['http', 'ftp', 'file', 'gopher', 'ws', 'wss', 'data', 'javascript', 'blob', 'unix'])
      await isRefused(`${scheme}://lookaside.fbsbx.com/file`)
    for (const address of [
      'file:///etc/passwd',
      'data:text/plain,x',
      '/etc/passwd',
      '//127.0.0.1/',
      '',
      'https://',
    ])
      await isRefused(address)
  })
})

describe('nobody but Meta is asked', () => {
  test('however much like Meta a host looks', async () => {
    const resolve = () => Promise.reject(new Error('Nobody shall be looked up'))
    for (const host of [
      ...[
        'evil.example',
        'evilfbsbx.com',
        'fbsbx.com.evil.example',
        'fbsbx.com-evil.example',
        'fbsbx.comevil.example',
      ],
      ...[
        'fbsbx.com%2eevil.example',
        'fbsbx.com.',
        'lookaside-fbsbx.com',
        'fbsbx.co',
        'graph.facebook.com.evil.example',
      ],
      ...[
        'facebook.com',
        'www.graph.facebook.com',
        'whatsapp.net.evil.example',
        'xwhatsapp.net',
        'fbсdn.net',
      ],
    ])
      await isRefused(`https://${host}/file`, { resolve })
  })

  test('with a name and a password, by another port, or behind an @', async () => {
    const resolve = () => Promise.reject(new Error('Nobody shall be looked up'))
    for (const address of [
      'https://user:password@lookaside.fbsbx.com/file',
      'https://user@lookaside.fbsbx.com/file',
      'https://:password@lookaside.fbsbx.com/file',
      'https://lookaside.fbsbx.com@evil.example/file',
      'https://lookaside.fbsbx.com:443@evil.example/file',
      'https://lookaside.fbsbx.com#@evil.example:8443/file',
      'https://lookaside.fbsbx.com:8443/file',
      'https://lookaside.fbsbx.com:22/file',
      'https://graph.facebook.com:8443/file',
      'https://evil.example\\@lookaside.fbsbx.com/file',
      'https://evil.example/?https://lookaside.fbsbx.com/file',
    ])
      if (!address.includes('#@')) await isRefused(address, { resolve })
    // What stands behind a # is no part of the host: this one is Meta's, and so it is looked up.
    await expect(
      downloadFile('https://lookaside.fbsbx.com#@evil.example/', { ...options, resolve }),
    ).rejects.toThrow('Nobody shall be looked up')
  })
})
