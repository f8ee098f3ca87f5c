import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** What is stored cannot be read: the key is not here, or somebody changed or moved it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/**
 * Seals and opens secrets with AES-256-GCM. The first key seals, all of them open: a new one is put in front, everything is
 * sealed anew (`bun run secrets:rotate`), then the old one goes.
 */
export type KeyRing = {
  /** Whether there is a key at all. */
  canSeal: boolean
  /** `place` says what the secret is for: sealed for one place, it opens in no other. */
  seal(secret: string, place: string): string
  /** @throws Unreadable */
  open(sealed: string, place: string): string
  /** Whether it was sealed with the key that seals now. */
  isCurrent(sealed: string): boolean
}

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
/** A random one for each secret; with 96 bits 2^32 secrets may share a key (NIST SP 800-38D, 8.3). */
const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1'

/** Reads a key of 32 bytes, in hex or in base64; null for anything else. */
export function readKey(text: string): Buffer | null {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  return key.byteLength === KEY_BYTES ? key : null
}

/** @param keys Each of 32 bytes; the first one seals. */
export function createKeyRing(keys: readonly Buffer[]): KeyRing {
  const byId = new Map(keys.map((key) => [idOf(key), key]))
  const [newest] = byId
  return {
    canSeal: newest !== undefined,

    seal(secret, place) {
      if (newest === undefined) throw new Unreadable('There is no key to store secrets with')
      const [keyId, key] = newest
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(aadOf(keyId, place))
      const sealed = Buffer.concat([
        nonce,
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return [VERSION, keyId, sealed.toString('base64url')].join('.')
    },

    open(sealed, place) {
      const [version, keyId = '', text = ''] = sealed.split('.')
      const key = byId.get(keyId)
      if (version !== VERSION) throw new Unreadable('It is in a form that is not known')
      if (key === undefined) throw new Unreadable(`It was stored with another key (${keyId})`)
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.byteLength < NONCE_BYTES + TAG_BYTES) throw new Unreadable('It is cut short')
      try {
        const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
          authTagLength: TAG_BYTES,
        })
        decipher.setAAD(aadOf(keyId, place))
        decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
        const opened = [decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]
        return Buffer.concat(opened).toString('utf8')
      } catch {
        throw new Unreadable('It was changed, or belongs to another place')
      }
    },

    isCurrent: (sealed) => newest !== undefined && sealed.startsWith(`${VERSION}.${newest[0]}.`),
  }
}

/** Names a key without telling anything of it. */
function idOf(key: Buffer): string {
  return new Bun.CryptoHasher('sha256').update('baton key id').update(key).digest('hex').slice(0, 8)
}

const aadOf = (keyId: string, place: string) => Buffer.from(`${VERSION}.${keyId}.${place}`, 'utf8')
