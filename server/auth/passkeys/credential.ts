import { createHash } from 'node:crypto'
import { z } from 'zod'
import { readAuthenticatorData } from './authenticatorData.ts'
import { challengeIn } from './clientData.ts'
import { isSignedBy, readPublicKey } from './publicKey.ts'
import type { RelyingParty } from './relyingParty.ts'

const LONGEST_FIELD = 4096
const bytes = z
  .string()
  .max(LONGEST_FIELD)
  .regex(/^[\w-]*$/)
  .transform((text) => Buffer.from(text, 'base64url'))

/** A key that a browser had made, as `web/src/lib/security/webauthn.ts` sends it: bytes in base64url. */
export const madeCredential = z.object({
  id: bytes,
  clientData: bytes,
  authenticatorData: bytes,
  publicKey: bytes,
  algorithm: z.number().int(),
  transports: z.array(z.string().max(20)).max(10),
})

/** A signature by a key that was made before. */
export const usedCredential = z.object({
  id: bytes,
  clientData: bytes,
  authenticatorData: bytes,
  signature: bytes,
  /** Whose key it says it is; not every authenticator says. */
  userHandle: bytes.nullable(),
})

export type NewPasskey = {
  credentialId: string
  publicKey: string
  algorithm: number
  counter: number
  isBackedUp: boolean
  challenge: string
}

/**
 * A new key, with the challenge that it answers; null: it is not good. We ask for no attestation, so nothing here is signed, and it is the
 * word of whoever is signed in about their own key: what the browser took out of the authenticator's answer is as good as taking it out here.
 */
export function readNewPasskey(
  made: z.output<typeof madeCredential>,
  party: RelyingParty,
): NewPasskey | null {
  const challenge = challengeIn(made.clientData, 'webauthn.create', party)
  const authenticator = readAuthenticatorData(made.authenticatorData, party)
  const key = readPublicKey(made.publicKey, made.algorithm)
  if (challenge === null || authenticator === null || key === null) return null
  if (made.id.length === 0 || !authenticator.credentialId?.equals(made.id)) return null
  return {
    credentialId: made.id.toString('base64url'),
    publicKey: made.publicKey.toString('base64'),
    algorithm: key.algorithm,
    counter: authenticator.counter,
    isBackedUp: authenticator.isBackedUp,
    challenge,
  }
}

export type KnownPasskey = { publicKey: string; algorithm: number; agentId: string }

/** Whether a key that is known here signed, for this site and its owner, and what it says; null: it is not good. */
export function readUse(
  used: z.output<typeof usedCredential>,
  known: KnownPasskey,
  party: RelyingParty,
): { challenge: string; counter: number; isBackedUp: boolean } | null {
  const challenge = challengeIn(used.clientData, 'webauthn.get', party)
  const authenticator = readAuthenticatorData(used.authenticatorData, party)
  const key = readPublicKey(Buffer.from(known.publicKey, 'base64'), known.algorithm)
  if (challenge === null || authenticator === null || key === null) return null
  if (used.userHandle !== null && !used.userHandle.equals(handleOf(known.agentId))) return null
  const signed = Buffer.concat([
    used.authenticatorData,
    createHash('sha256').update(used.clientData).digest(),
  ])
  if (!isSignedBy(key, signed, used.signature)) return null
  return { challenge, counter: authenticator.counter, isBackedUp: authenticator.isBackedUp }
}

/** How an agent is named to their authenticator: the bytes of their id, which tells nobody who they are. */
export function handleOf(agentId: string): Buffer {
  return Buffer.from(agentId.replaceAll('-', ''), 'hex')
}
