import { type Kept, keptIn } from '../inbox/kept.ts'
import type { Me } from '../inbox/session.svelte.ts'
import type { Api } from './client.ts'
import { codeOf } from './refusal.ts'

/**
 * Who was signed in here when the server last said so. It opens the inbox while there is no network: what this agent wrote and
 * did not send is on this device, under their id. It opens nothing on the server.
 */
export const lastSignedIn = (): Kept<Me> & { drop(): void } => ({
  ...keptIn(localStorage, KEY, isMe),
  drop: () => localStorage.removeItem(KEY),
})

const KEY = 'baton:me'

/** The agent of this browser: as the server says; as it last said, when it cannot be reached; null: nobody is signed in. */
export async function whoIAm(
  api: { auth: { me: Pick<Api['auth']['me'], 'query'> } },
  kept: Kept<Me> & { drop(): void },
): Promise<Me | null> {
  try {
    const me = await api.auth.me.query()
    kept.write(me)
    return me
  } catch (error) {
    if (codeOf(error) === 'UNAUTHORIZED') {
      kept.drop()
      return null
    }
    const known = codeOf(error) === null ? kept.read() : null
    if (known) return known
    throw error
  }
}

/** A parser: what an older version kept may lack what this one needs. */
function isMe(value: unknown): value is Me {
  if (typeof value !== 'object' || value === null) return false
  const { agent, workspace, may, channels, teams } = value as Record<string, unknown>
  return (
    [agent, workspace, may].every((one) => typeof one === 'object' && one !== null) &&
    Array.isArray(channels) &&
    Array.isArray(teams)
  )
}
