import { createMiddleware } from 'hono/factory'
import { bodyRefusal, readBody } from './readBody.ts'

export type BodyLimits = { bytes: number; inWords: string; withinMs?: number | undefined }

/**
 * Hands on a request only when its body is there as a whole, within its limits of size and time: what reads it afterwards waits
 * for nobody. Not for files, which go straight to the disk.
 */
export function wholeBody({ bytes, inWords, withinMs }: BodyLimits) {
  return createMiddleware(async (c, next) => {
    const { raw } = c.req
    if (raw.method === 'GET' || raw.method === 'HEAD') return next()
    try {
      const body = await readBody(raw, bytes, withinMs)
      if (body.byteLength > 0) c.req.raw = new Request(raw, { body: new Uint8Array(body) })
    } catch (error) {
      const refusal = bodyRefusal(error, inWords)
      if (refusal) return refusal
      throw error
    }
    return next()
  })
}
