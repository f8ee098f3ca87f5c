import { createHash } from 'node:crypto'

/** What a fake Graph API says of a file and does when it is fetched. */
export type FakeFile = {
  bytes: Uint8Array<ArrayBuffer>
  /** Instead of the true digest. */
  sha256?: string
  /** Instead of an address of its own. */
  url?: string
  describe?: () => Response
  download?: () => Response
}

export type FakeGraph = {
  apiUrl: string
  files: Map<string, FakeFile>
  /** `describe <id>` and `download <id>`, as they came; uploads as `upload <type> <bytes>`. */
  asked: string[]
  /** What is uploaded gets these answers, one after the other; without one it is taken. */
  uploadAnswers: (() => Response)[]
  stop(): Promise<void>
}

export const FAKE_TOKEN = 'a-token-for-tests'

/** Files of the Graph API, on this machine and with the answers that a test gives it. */
export function startFakeGraph(): FakeGraph {
  const files = new Map<string, FakeFile>()
  const asked: string[] = []
  const uploadAnswers: (() => Response)[] = []
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    maxRequestBodySize: 200 * 1024 * 1024,
    async fetch(request) {
      if (request.headers.get('authorization') !== `Bearer ${FAKE_TOKEN}`) {
        return Response.json({ error: { code: 190, message: 'Invalid OAuth access token' } }, { status: 401 })
      }
      const [, first = '', id = '', edge] = new URL(request.url).pathname.split('/')
      if (request.method === 'POST' && edge === 'media') {
        const form = await request.formData()
        const file = form.get('file')
        if (!(file instanceof Blob) || form.get('messaging_product') !== 'whatsapp') return missing()
        asked.push(
          `upload ${file.type} ${file.size} ${createHash('sha256')
            .update(await file.bytes())
            .digest('hex')}`,
        )
        return uploadAnswers.shift()?.() ?? Response.json({ id: `up-${asked.length}` })
      }
      const file = files.get(id)
      if (!file) return missing()
      if (first === 'files') {
        asked.push(`download ${id}`)
        return file.download?.() ?? new Response(file.bytes)
      }
      asked.push(`describe ${id}`)
      if (file.describe) return file.describe()
      return Response.json({
        messaging_product: 'whatsapp',
        id,
        url: file.url ?? new URL(`/files/${id}`, request.url).href,
        sha256: file.sha256 ?? createHash('sha256').update(file.bytes).digest('hex'),
        // Once a string and once a number, as Meta has it.
        file_size: String(file.bytes.byteLength),
      })
    },
  })
  return {
    apiUrl: `http://127.0.0.1:${server.port}/v24.0`,
    files,
    asked,
    uploadAnswers,
    stop: () => server.stop(true),
  }
}

function missing(): Response {
  const message = 'Unsupported get request. Object does not exist'
  return Response.json({ error: { code: 100, error_subcode: 33, message } }, { status: 400 })
}
