import { createHash, randomBytes } from 'node:crypto'

const RANDOM_BYTES = 32

/** A new token for a link that is given out once, and what is kept of it. */
export function makeLinkToken(): { token: string; hash: string } {
  const token = randomBytes(RANDOM_BYTES).toString('base64url')
  return { token, hash: hashOfLink(token) }
}

/** 256 random bits need no slow hash: there is nothing to guess. */
export function hashOfLink(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
