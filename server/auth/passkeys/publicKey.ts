import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** The kinds of keys that are taken, by their numbers in COSE, as they are offered to browsers: best first. */
export const ALGORITHMS = [-7, -8, -257] as const
export type Algorithm = (typeof ALGORITHMS)[number]

const SHORTEST_RSA_BITS = 2048

/** A public key (SubjectPublicKeyInfo) that fits its algorithm; null: it does not, or is too weak. */
export function readPublicKey(
  spki: Buffer,
  algorithm: number,
): { key: KeyObject; algorithm: Algorithm } | null {
  const known = ALGORITHMS.find((one) => one === algorithm)
  const key = parsed(spki)
  if (known === undefined || key === null) return null
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const fits = {
    [-7]: type === 'ec' && details?.namedCurve === 'prime256v1',
    [-8]: type === 'ed25519',
    [-257]: type === 'rsa' && (details?.modulusLength ?? 0) >= SHORTEST_RSA_BITS,
  }
  return fits[known] ? { key, algorithm: known } : null
}

/** Whether this key made the signature over what the authenticator and the browser said (WebAuthn, 7.2). */
export function isSignedBy(
  { key, algorithm }: { key: KeyObject; algorithm: Algorithm },
  signed: Buffer,
  signature: Buffer,
): boolean {
  try {
    return verify(algorithm === -8 ? null : 'sha256', signed, key, signature)
  } catch {
    return false
  }
}

function parsed(spki: Buffer): KeyObject | null {
  try {
    return createPublicKey({ key: spki, format: 'der', type: 'spki' })
  } catch {
    return null
  }
}
