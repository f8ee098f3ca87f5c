import { createHmac, timingSafeEqual } from 'node:crypto'

/** For how long a code of the app holds, and its length: what every authenticator app knows (RFC 6238). */
export const STEP_S = 30
export const CODE_DIGITS = 6

/** The code that an app shows within one step of thirty seconds. */
export function codeAt(secret: string | Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const digest = createHmac('sha1', secret).update(counter).digest()
  const offset = (digest.at(-1) ?? 0) & 15
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff
  return String(number % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0')
}

/** The step that a code belongs to: this one, or the one before or after for clocks that are not exact; null: no such code. */
export function stepOf(code: string, secret: string | Uint8Array, nowMs: number): number | null {
  const now = Math.floor(nowMs / 1000 / STEP_S)
  const given = Buffer.from(code)
  for (const step of [now, now - 1, now + 1]) {
    const right = Buffer.from(codeAt(secret, step))
    if (given.length === right.length && timingSafeEqual(given, right)) return step
  }
  return null
}
