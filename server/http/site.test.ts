import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSite, type Site } from './site.ts'

const START = 'start({ base: "" })'
const hashOf = (code: string) => `'sha256-${new Bun.CryptoHasher('sha256').update(code).digest('base64')}'`
const page = (code: string) =>
  `<!doctype html><script src="/_app/entry.js"></script><script type="module">${code}</script><p>inbox</p>`

let folder: string
let site: Site

beforeAll(async () => {
  const parent = await mkdtemp(join(tmpdir(), 'baton-site-'))
  folder = join(parent, 'build')
  await mkdir(join(folder, '_app/immutable'), { recursive: true })
  await writeFile(join(parent, 'secret.txt'), 'secret')
  await writeFile(join(folder, '200.html'), page(START))
  await writeFile(join(folder, 'favicon.svg'), '<svg/>')
  await writeFile(join(folder, '_app/immutable/a.js'), 'plain')
  await writeFile(join(folder, '_app/immutable/a.js.br'), 'brotli')
  await symlink(join(parent, 'secret.txt'), join(folder, 'link.txt'))
  site = createSite(folder, ['http://localhost:3000'])
})
afterAll(() => rm(join(folder, '..'), { recursive: true }))

const get = (path: string, headers: Record<string, string> = {}) =>
  site(new Request(`http://localhost:3000${path}`, { headers }))
const html = { accept: 'text/html,*/*;q=0.8' }

describe('the web app', () => {
  test('is its page at every address that a person types, asked for anew each time', async () => {
    for (const path of ['/', '/inbox/018f-42', '/login?next=/', '/200.html', '/a.b']) {
      const response = await get(path, html)
      expect(response?.status).toBe(200)
      expect(response?.headers.get('content-type')).toStartWith('text/html')
      expect(response?.headers.get('cache-control')).toBe('no-cache')
      expect(await response?.text()).toContain('inbox')
    }
    expect((await get('/'))?.status).toBe(200)
  })

  test('runs only its own scripts: the policy names the inline one by hash', async () => {
    const policy = (await get('/', html))?.headers.get('content-security-policy') ?? ''
    expect(policy).toContain(`script-src 'self' ${hashOf(START)};`)
    expect(policy).toContain("connect-src 'self' ws://localhost:3000;")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("object-src 'none'")
    expect(policy).not.toMatch(/script-src[^;]*unsafe/)
  })

  test('keeps what has its hash in its name for ever, packed when the browser takes that', async () => {
    const plain = await get('/_app/immutable/a.js', { accept: '*/*' })
    expect(plain?.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(plain?.headers.get('content-type')).toStartWith('text/javascript')
    expect(await plain?.text()).toBe('plain')
    const packed = await get('/_app/immutable/a.js', { 'accept-encoding': 'gzip, deflate, br' })
    expect(packed?.headers.get('content-encoding')).toBe('br')
    expect(packed?.headers.get('vary')).toBe('Accept-Encoding')
    expect(await packed?.text()).toBe('brotli')
  })

  test('answers 304 to a browser that has the file already', async () => {
    const first = await get('/favicon.svg')
    expect(first?.headers.get('content-type')).toBe('image/svg+xml')
    const etag = first?.headers.get('etag') ?? ''
    expect((await get('/favicon.svg', { 'if-none-match': etag }))?.status).toBe(304)
  })

  test('does not answer for a script that is gone, nor for a file that is not there', async () => {
    expect(await get('/_app/immutable/old.js', html)).toBeNull()
    expect(await get('/missing.png', { accept: 'image/png,*/*' })).toBeNull()
  })

  test('gives no file from outside its folder', async () => {
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/%2e%2e%2fsecret.txt',
      '/..%5csecret.txt',
      '/_app/../../secret.txt',
      '/_app/..%2f..%2fsecret.txt',
      '//secret.txt',
      '/%00/../secret.txt',
      '/%252e%252e%252fsecret.txt',
      '/%E0%A4%A',
      `/${folder}/../secret.txt`,
      '/link.txt',
    ]) {
      const response = await get(path, { accept: 'application/octet-stream' })
      expect((await response?.text()) ?? '').not.toContain('secret')
    }
  })

  test('notices a new build', async () => {
    await Bun.write(join(folder, '_app/immutable/b.js'), 'new')
    await Bun.write(join(folder, '200.html'), page('other()'))
    expect((await get('/', html))?.headers.get('content-security-policy')).toContain(hashOf('other()'))
    expect(await (await get('/_app/immutable/b.js'))?.text()).toBe('new')
    await Bun.write(join(folder, 'service-worker.js'), 'newer')
    await Bun.write(join(folder, '200.html'), page('another()'))
    expect(await (await get('/service-worker.js'))?.text()).toBe('newer')
    await rm(join(folder, '200.html'))
    const gone = await get('/', html)
    expect(gone?.status).toBe(503)
    expect(await gone?.text()).toContain('bun run build')
  })
})
