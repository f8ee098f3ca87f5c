import { timingSafeEqual } from 'node:crypto'

const PREFIX = 'sha256='
const HEX_DIGEST = /^[0-9a-f]{64}$/

/**
 * The secret of an app by which `header` (`X-Hub-Signature-256`) is the HMAC-SHA256 of these very bytes, found in constant
 * time; null: by none. Several secrets are good while one is being rotated. The bytes must be those received: parsing and writing the JSON
 * again changes them (Meta, "Validating payloads").
 */
export function signerOf(secrets: readonly string[], body: Uint8Array, header: string | null): string | null {
  if (header === null || !header.startsWith(PREFIX)) return null
  const hex = header.slice(PREFIX.length)
  if (!HEX_DIGEST.test(hex)) return null
  const claimed = Buffer.from(hex, 'hex')
  let signer: string | null = null
  for (const secret of secrets) {
    const digest = new Bun.CryptoHasher('sha256', secret).update(body).digest()
    // Every secret is tried, so that the time tells nothing about which one it was.
    if (timingSafeEqual(digest, claimed)) signer = secret
  }
  return signer
}

/** Whether two words are the same, in a time that does not depend on how much of them is. */
export function isSameSecret(a: string, b: string): boolean {
  const digest = (word: string) => new Bun.CryptoHasher('sha256').update(word).digest()
  return timingSafeEqual(digest(a), digest(b))
}
