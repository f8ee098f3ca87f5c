import type { SealedCredentials } from '../inbox/keepCredentials.ts'
import { Refusal } from '../inbox/refusal.ts'
import { CREDENTIALS, type Credential, placeOf } from '../secrets/credentialPlace.ts'
import type { KeyRing } from '../secrets/keyRing.ts'

/** Seals what was given for a channel. Reasons: UNAVAILABLE when there is no key to do it with. */
export function sealCredentials(
  keys: KeyRing,
  channelId: string,
  given: Partial<Record<Credential, string | null>>,
): SealedCredentials {
  if (!keys.canSeal) {
    const sentence =
      'Tokens cannot be stored yet: whoever runs Baton has to set BATON_SECRETS_KEY and restart it.'
    throw new Refusal('UNAVAILABLE', sentence, { problem: 'NO_KEY' })
  }
  const sealed: SealedCredentials = {}
  for (const credential of CREDENTIALS) {
    const secret = given[credential]
    if (secret) sealed[credential] = keys.seal(secret, placeOf(channelId, credential))
  }
  return sealed
}
