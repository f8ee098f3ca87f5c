export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/** Whoever sends so slowly wants to hold the connection, or has lost the network: the same to us. */
export class BodyTooSlow extends Error {
  override readonly name = 'BodyTooSlow'
}

/** Long enough for the few MB of a body on a bad line, and too short for holding many connections with a byte now and then. */
export const BODY_WITHIN_MS = 20_000

/**
 * The body of a request, at most `limit` bytes. The limit is kept on what really comes: a `Content-Length` may be missing,
 * or lie. The time is counted as a whole, not from byte to byte.
 *
 * @throws BodyTooLarge as soon as the limit is passed, and BodyTooSlow; what is still to come is not read
 */
export async function readBody(
  request: Request,
  limit: number,
  withinMs = BODY_WITHIN_MS,
): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? Number.NaN)
  if (announced > limit) throw new BodyTooLarge()
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new BodyTooSlow()), withinMs)
  try {
    // Bun reads no more than was announced, so a true and small announcement needs no counting.
    const whole = Number.isInteger(announced) ? request.bytes() : counted(request, limit, late)
    const body = await Promise.race([whole, late])
    if (body.byteLength > limit) throw new BodyTooLarge()
    return body
  } finally {
    clearTimeout(timer)
  }
}

async function counted({ body }: Request, limit: number, late: Promise<never>): Promise<Uint8Array> {
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    while (true) {
      const { done, value } = await Promise.race([reader.read(), late])
      if (done) return new Uint8Array(Buffer.concat(chunks))
      size += value.byteLength
      if (size > limit) throw new BodyTooLarge()
      chunks.push(value)
    }
  } finally {
    void reader.cancel().catch(() => {})
  }
}

/** What whoever sent such a body is told: over a connection that ends with it, since the rest is not read. Null: another error. */
export function bodyRefusal(error: unknown, limitInWords: string): Response | null {
  const headers = { Connection: 'close' }
  if (error instanceof BodyTooLarge)
    return Response.json({ error: `The body is larger than ${limitInWords}.` }, { status: 413, headers })
  if (error instanceof BodyTooSlow)
    return Response.json({ error: 'The body came too slowly.' }, { status: 408, headers })
  // Whoever sent it has left, and nobody reads this: but it is no fault of ours either, and no line of the log.
  if (error instanceof DOMException && error.name === 'AbortError')
    return Response.json({ error: 'The body was broken off.' }, { status: 400, headers })
  return null
}
