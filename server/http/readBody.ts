export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/**
 * The body of a request, at most `limit` bytes. The limit is kept on what really comes: a `Content-Length` may be missing,
 * or lie.
 *
 * @throws BodyTooLarge as soon as the limit is passed; what is still to come is not read
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const announced = Number(request.headers.get('content-length') ?? Number.NaN)
  if (announced > limit) throw new BodyTooLarge()
  // Bun reads no more than was announced, so a true and small announcement needs no counting.
  if (Number.isInteger(announced)) return checked(await request.bytes(), limit)
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.byteLength
    if (size > limit) throw new BodyTooLarge()
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

function checked(body: Uint8Array, limit: number): Uint8Array {
  if (body.byteLength > limit) throw new BodyTooLarge()
  return body
}
