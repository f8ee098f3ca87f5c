import { originsOf } from '../origins.ts'

/** For whom passkeys are made: the name that browsers bind them to, and the pages that may use them. */
export type RelyingParty = { id: string; origins: string[] }

/**
 * The host that people type. On this machine it is `localhost` by whatever name the inbox is reached: browsers make no passkeys for
 * an address of numbers.
 */
export function relyingPartyOf(publicUrl: string): RelyingParty {
  const origins = originsOf(publicUrl)
  const isLocal = origins.some((origin) => new URL(origin).hostname === 'localhost')
  return { id: isLocal ? 'localhost' : new URL(publicUrl).hostname, origins }
}
