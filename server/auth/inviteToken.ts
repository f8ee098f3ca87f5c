import { createHash, randomBytes } from 'node:crypto'

const RANDOM_BYTES = 32

/** A new invitation's token, for its link, and what is kept of it. */
export function makeInviteToken(): { token: string; hash: string } {
  const token = randomBytes(RANDOM_BYTES).toString('base64url')
  return { token, hash: hashOfInvite(token) }
}

/** 256 random bits need no slow hash: there is nothing to guess. */
export function hashOfInvite(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
