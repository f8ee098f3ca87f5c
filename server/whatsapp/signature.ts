import { timingSafeEqual } from 'node:crypto'

const PREFIX = 'sha256='
const HEX_DIGEST = /^[0-9a-f]{64}$/

/**
 * Whether `header` (`X-Hub-Signature-256`) is the HMAC-SHA256 of these very bytes by one of the app's secrets, in constant
 * time. Several secrets are good while one is being rotated. The bytes must be those received: parsing and writing the JSON
 * again changes them (Meta, "Validating payloads").
 */
export function isSignedBy(secrets: readonly string[], body: Uint8Array, header: string | null): boolean {
  if (header === null || !header.startsWith(PREFIX)) return false
  const hex = header.slice(PREFIX.length)
  if (!HEX_DIGEST.test(hex)) return false
  const claimed = Buffer.from(hex, 'hex')
  let isSigned = false
  for (const secret of secrets) {
    const digest = new Bun.CryptoHasher('sha256', secret).update(body).digest()
    // Every secret is tried, so that the time tells nothing about which one it was.
    isSigned = timingSafeEqual(digest, claimed) || isSigned
  }
  return isSigned
}

/** Whether two words are the same, in a time that does not depend on how much of them is. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (word: string) => new Bun.CryptoHasher('sha256').update(word).digest()
  return timingSafeEqual(digest(a), digest(b))
}
