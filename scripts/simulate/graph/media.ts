import { createHash, timingSafeEqual } from 'node:crypto'
import type { JsonObject, MediaRecord } from '../entry.ts'
import type { MediaStore } from '../media/mediaStore.ts'
import { baseType, largestSize, uploadTypes } from './mediaRules.ts'
import { invalid } from './refusal.ts'

/** How long a download address works, as Meta's do. */
const addressLifeMs = 5 * 60_000

/** `POST /{phone_number_id}/media`: keeps the uploaded file. */
export async function uploadMedia(request: Request, store: MediaStore): Promise<JsonObject> {
  const form = await request.formData().catch(() => undefined)
  if (form?.get('messaging_product') !== 'whatsapp') throw missing('messaging_product')
  const file = form.get('file')
  if (!(file instanceof Blob)) throw missing('file')
  const declared = form.get('type')
  const mimeType = file.type || (typeof declared === 'string' ? declared : '') || 'application/octet-stream'
  checkFile(mimeType, file.size)
  const media = await store.keep({
    bytes: await file.bytes(),
    mimeType,
    fileName: file instanceof File ? file.name : undefined,
    author: 'business',
  })
  return { id: media.id }
}

/** `GET /{media_id}`: where the file can be fetched for the next five minutes, with the bearer token. */
export function describeMedia(media: MediaRecord, origin: string, now: number): JsonObject {
  const expiresAt = now + addressLifeMs
  return {
    messaging_product: 'whatsapp',
    url: `${origin}/whatsapp_business/attachments/?mid=${media.id}&ext=${expiresAt}&hash=${seal(media, expiresAt)}`,
    mime_type: media.mimeType,
    sha256: media.sha256,
    file_size: String(media.sizeBytes),
    id: media.id,
  }
}

/** Whether a download address was given out by us and still works. */
export function isFreshAddress(media: MediaRecord, url: URL, now: number): boolean {
  const expiresAt = Number(url.searchParams.get('ext'))
  const given = Buffer.from(url.searchParams.get('hash') ?? '')
  const right = Buffer.from(seal(media, expiresAt))
  return expiresAt > now && given.length === right.length && timingSafeEqual(given, right)
}

function checkFile(mimeType: string, sizeBytes: number): void {
  const type = baseType(mimeType)
  if (!uploadTypes.includes(type)) {
    const types = uploadTypes.join(', ')
    throw invalid(
      `Param file must be a file with one of the following types: ${types}. Received file of type '${type}'.`,
    )
  }
  const limit = largestSize(type)
  if (sizeBytes > limit)
    throw invalid(`Param file must be at most ${limit} bytes for ${type}, not ${sizeBytes}.`)
  if (sizeBytes === 0) throw invalid('Param file must not be empty.')
}

function seal(media: MediaRecord, expiresAt: number): string {
  return createHash('sha256').update(`${media.id} ${media.sha256} ${expiresAt}`).digest('hex').slice(0, 32)
}

function missing(parameter: string) {
  return invalid(`The parameter ${parameter} is required.`)
}
