import type { TokenOf } from './accessToken.ts'
import type { JsonObject, MessageError } from './content.ts'
import { isObject, numberOf, objectOf, parseJson, textOf } from './json.ts'
import { NotFetched } from './mediaFailure.ts'
import { messageError } from './messageError.ts'

/** What the Graph API says of a file; the address is good for five minutes, with the access token. */
export type DescribedFile = { url: string; sha256: string | null; sizeBytes: number | null }

export type FileToUpload = {
  phoneNumberId: string
  type: string
  filename: string
  sizeBytes: number
  bytes: AsyncIterable<Uint8Array>
}

/**
 * What came of an upload. A request that got lost may have left a file at WhatsApp that nobody uses, and nothing else: so
 * unlike a message, an upload may always be repeated.
 */
export type UploadOutcome = { graphId: string } | { unreached: string } | { refused: MessageError }

export type GraphMedia = {
  /** @throws NotFetched */
  describe(graphId: string, phoneNumberId: string, signal: AbortSignal): Promise<DescribedFile>
  upload(file: FileToUpload, signal: AbortSignal): Promise<UploadOutcome>
}

const DESCRIBE_WITHIN_MS = 20_000
const UPLOAD_WITHIN_MS = 10 * 60_000
/** "Invalid OAuth access token", "authentication failed" and "no permission" (shared facts §3.1). */
const TOKEN_CODES = new Set([0, 3, 10, 190])
const UNKNOWN_OBJECT = { code: 100, subcode: 33 }

/** The files of the Graph API at `apiUrl`. */
export function createGraphMedia(api: { apiUrl: string; tokenOf: TokenOf }): GraphMedia {
  const authorize = async (phoneNumberId: string) => `Bearer ${await api.tokenOf({ phoneNumberId })}`
  return {
    async describe(graphId, phoneNumberId, signal) {
      const url = `${api.apiUrl}/${encodeURIComponent(graphId)}?phone_number_id=${encodeURIComponent(phoneNumberId)}`
      const authorization = await authorize(phoneNumberId)
      const { status, answer } = await ask(url, { headers: { authorization } }, DESCRIBE_WITHIN_MS, signal)
      const address = textOf(answer.url)
      if (status === 200 && address !== null) {
        return { url: address, sha256: textOf(answer.sha256), sizeBytes: numberOf(answer.file_size) }
      }
      throw isObject(answer.error)
        ? notDescribed(answer.error)
        : new NotFetched('WHATSAPP_ERROR', `HTTP ${status} without an answer that can be read`)
    },

    async upload(file, signal) {
      const boundary = `baton-${crypto.randomUUID()}`
      const { head, tail } = aroundFile(boundary, file)
      const request = {
        method: 'POST',
        headers: {
          authorization: await authorize(file.phoneNumberId),
          'content-type': `multipart/form-data; boundary=${boundary}`,
          // Said beforehand, so that the body need not go in chunks, nor be in memory to be counted.
          'content-length': String(head.byteLength + file.sizeBytes + tail.byteLength),
        },
        body: inTurn(head, file.bytes, tail),
      }
      try {
        const url = `${api.apiUrl}/${file.phoneNumberId}/media`
        const { status, answer } = await ask(url, request, UPLOAD_WITHIN_MS, signal)
        const graphId = textOf(answer.id)
        if (status >= 200 && status < 300 && graphId !== null) return { graphId }
        if (isObject(answer.error)) return { refused: messageError(answer.error) }
        return { unreached: `HTTP ${status} without an answer that can be read` }
      } catch (error) {
        if (error instanceof NotFetched) return { unreached: error.message }
        throw error
      }
    },
  }
}

type Request = { method?: string; headers: Record<string, string>; body?: AsyncIterable<Uint8Array> }

async function ask(
  url: string,
  request: Request,
  withinMs: number,
  signal: AbortSignal,
): Promise<{ status: number; answer: JsonObject }> {
  try {
    const response = await fetch(url, {
      ...request,
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    })
    return { status: response.status, answer: parse(await response.text()) }
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    throw new NotFetched(
      isLate ? 'TIMED_OUT' : 'UNREACHABLE',
      error instanceof Error ? error.message : String(error),
    )
  }
}

function parse(body: string): JsonObject {
  try {
    return objectOf(parseJson(body))
  } catch {
    return {}
  }
}

function notDescribed(error: JsonObject): NotFetched {
  const { code, title } = messageError(error)
  const subcode = numberOf(error.error_subcode)
  if (code === UNKNOWN_OBJECT.code && subcode === UNKNOWN_OBJECT.subcode)
    return new NotFetched('NOT_FOUND', title)
  return new NotFetched(TOKEN_CODES.has(code) ? 'TOKEN_REFUSED' : 'WHATSAPP_ERROR', `${code}: ${title}`)
}

/** The form around the file: the fields before it, and the end behind it. */
function aroundFile(
  boundary: string,
  { type, filename }: FileToUpload,
): { head: Uint8Array; tail: Uint8Array } {
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const quoted = filename.replaceAll(/["\r\n\\]/g, '_')
  const text = new TextEncoder()
  return {
    head: text.encode(
      `${field('messaging_product', 'whatsapp')}${field('type', type)}--${boundary}\r\n` +
        `Content-Disposition: form-data; name="file"; filename="${quoted}"\r\nContent-Type: ${type}\r\n\r\n`,
    ),
    tail: text.encode(`\r\n--${boundary}--\r\n`),
  }
}

async function* inTurn(head: Uint8Array, bytes: AsyncIterable<Uint8Array>, tail: Uint8Array) {
  yield head
  yield* bytes
  yield tail
}
