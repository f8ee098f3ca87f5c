import { createHash } from 'node:crypto'
import type { RelyingParty } from './relyingParty.ts'

/** What the authenticator says of itself (WebAuthn, 6.1). */
export type AuthenticatorData = {
  /** The key can be had on other devices too: a password manager keeps it. */
  isBackedUp: boolean
  counter: number
  /** The name of the key that was made; null where none was. */
  credentialId: Buffer | null
}

const PRESENT = 0x01
const VERIFIED = 0x04
const BACKED_UP = 0x10
const HAS_CREDENTIAL = 0x40
const HASH_BYTES = 32
const HEAD_BYTES = HASH_BYTES + 1 + 4
const AAGUID_BYTES = 16

/**
 * Reads it; null when it was made for another site, or without its owner having shown to it who they are (a finger, a face, a PIN). A key
 * that opens for whoever holds it would be one factor, and whoever has one signs in with it alone.
 */
export function readAuthenticatorData(bytes: Buffer, { id }: RelyingParty): AuthenticatorData | null {
  if (bytes.length < HEAD_BYTES) return null
  const forWhom = createHash('sha256').update(id).digest()
  if (!bytes.subarray(0, HASH_BYTES).equals(forWhom)) return null
  const flags = bytes.readUInt8(HASH_BYTES)
  if ((flags & PRESENT) === 0 || (flags & VERIFIED) === 0) return null
  return {
    isBackedUp: (flags & BACKED_UP) !== 0,
    counter: bytes.readUInt32BE(HASH_BYTES + 1),
    credentialId: (flags & HAS_CREDENTIAL) === 0 ? null : credentialIdIn(bytes),
  }
}

function credentialIdIn(bytes: Buffer): Buffer | null {
  const start = HEAD_BYTES + AAGUID_BYTES + 2
  if (bytes.length < start) return null
  const length = bytes.readUInt16BE(start - 2)
  return bytes.length < start + length ? null : bytes.subarray(start, start + length)
}
