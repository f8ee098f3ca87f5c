import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3Client } from 'bun'
import { newKey } from './mediaKey.ts'
import { bytesOf, type MediaStore, openMediaStore } from './mediaStore.ts'
import { openS3Store } from './s3Store.ts'

/**
 * A bucket on this machine, with as much of S3's protocol as is used: whole objects, uploads in parts, ranges. It shows that we say
 * the right things, not that Amazon's answers are understood in every case.
 */
function startBucket() {
  const objects = new Map<string, Uint8Array<ArrayBuffer>>()
  const uploads = new Map<string, Map<number, Uint8Array<ArrayBuffer>>>()
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    async fetch(request) {
      const { pathname, searchParams } = new URL(request.url)
      const upload = searchParams.get('uploadId')
      if (request.method === 'POST' && searchParams.has('uploads')) {
        uploads.set('one', new Map())
        return new Response(
          '<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>',
        )
      }
      if (request.method === 'PUT' && upload !== null) {
        const part = Number(searchParams.get('partNumber'))
        uploads.get(upload)?.set(part, new Uint8Array(await request.arrayBuffer()))
        return new Response(null, { headers: { etag: `"${part}"` } })
      }
      if (request.method === 'POST' && upload !== null) {
        const parts = [...(uploads.get(upload) ?? [])].toSorted(([a], [b]) => a - b)
        objects.set(pathname, new Uint8Array(Buffer.concat(parts.map(([, part]) => part))))
        return new Response('<CompleteMultipartUploadResult></CompleteMultipartUploadResult>')
      }
      if (request.method === 'PUT') {
        objects.set(pathname, new Uint8Array(await request.arrayBuffer()))
        return new Response(null, { headers: { etag: '"whole"' } })
      }
      const object = objects.get(pathname)
      if (request.method === 'DELETE') {
        objects.delete(pathname)
        return new Response(null, { status: 204 })
      }
      if (!object) return new Response(null, { status: 404 })
      if (request.method === 'HEAD') return new Response(object)
      const range = /bytes=(\d+)-(\d*)/.exec(request.headers.get('range') ?? '')
      if (!range) return new Response(object)
      const part = object.slice(Number(range[1]), range[2] ? Number(range[2]) + 1 : undefined)
      return new Response(part, { status: 206 })
    },
  })
  return { objects, endpoint: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) }
}

type Case = { store: MediaStore; count: () => Promise<number>; stop: () => Promise<void> }

async function localCase(): Promise<Case> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-store-'))
  const count = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length
  return {
    store: openMediaStore(`file:${folder}`),
    count,
    stop: () => rm(folder, { recursive: true }),
  }
}

async function bucketCase(): Promise<Case> {
  const bucket = startBucket()
  const access = {
    accessKeyId: 'id',
    secretAccessKey: 'secret',
    region: 'us-east-1',
    endpoint: bucket.endpoint,
  }
  return {
    store: openS3Store('s3://files/some/prefix', (name) => new S3Client({ bucket: name, ...access })),
    count: async () => bucket.objects.size,
    stop: bucket.stop,
  }
}

async function* pieces(count: number, bytes: number, failAt = Number.POSITIVE_INFINITY) {
  for (let index = 0; index < count; index++) {
    if (index === failAt) throw new Error('the line broke')
    yield new Uint8Array(bytes).fill(index)
  }
}

for (const [name, open] of [
  ['a folder', localCase],
  ['a bucket', bucketCase],
] as const) {
  describe(`${name} as the store`, () => {
    let at: Case
    beforeAll(async () => {
      at = await open()
    })
    afterAll(() => at.stop())

    test('gives back what was put in, whole and in part', async () => {
      const key = newKey()
      expect(await at.store.write(key, pieces(3, 1000))).toBe(3000)
      expect(await at.store.size(key)).toBe(3000)
      const whole = await bytesOf(at.store, key)
      expect([whole.byteLength, whole[0], whole[2999]]).toEqual([3000, 0, 2])
      expect(await bytesOf(at.store, key, { start: 999, end: 1002 })).toEqual(new Uint8Array([0, 1, 1]))
    })

    test('takes a file of many megabytes in pieces', async () => {
      const key = newKey()
      expect(await at.store.write(key, pieces(20, 1024 * 1024))).toBe(20 * 1024 * 1024)
      expect(
        await bytesOf(at.store, key, { start: 19 * 1024 * 1024 - 1, end: 19 * 1024 * 1024 + 1 }),
      ).toEqual(new Uint8Array([18, 19]))
    })

    test('keeps nothing of a file whose bytes end too soon', async () => {
      const before = await at.count()
      for (const count of [3, 20]) {
        const write = at.store.write(newKey(), pieces(count, 1024 * 1024, count - 1))
        await expect(write).rejects.toThrow('the line broke')
      }
      expect(await at.count()).toBe(before)
    })

    test('knows what is not there, and removing it again does no harm', async () => {
      const key = newKey()
      expect(await at.store.size(key)).toBeNull()
      await at.store.write(key, pieces(1, 10))
      await at.store.remove(key)
      await at.store.remove(key)
      expect(await at.store.size(key)).toBeNull()
    })

    test('takes no key but its own', async () => {
      for (const key of ['../../etc/passwd', 'aa/../../etc/passwd', '/etc/passwd', 'name.pdf', '']) {
        expect(() => at.store.read(key)).toThrow('no key')
        await expect(Promise.resolve().then(() => at.store.remove(key))).rejects.toThrow('no key')
      }
    })
  })
}
