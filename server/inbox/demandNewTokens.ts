import type { Transaction } from '../../db/client.ts'

/** How long a browser has to come for its new token: an open tab comes at once, one that is closed is signed out. */
export const RENEW_WITHIN_MS = 10 * 60 * 1000

/**
 * Whose rights change gets new session tokens, so that one that was stolen before is worth nothing after. The sessions go on: each
 * open tab is told by `people.changed` and comes for its token (`server/auth/renewSession.ts`).
 */
export async function demandNewTokens(
  tx: Transaction,
  agentIds: readonly string[],
  now: Date,
): Promise<void> {
  if (agentIds.length === 0) return
  const until = new Date(now.getTime() + RENEW_WITHIN_MS).toISOString()
  await tx`
    update sessions set renews_to = coalesce(renews_to, expires_at), expires_at = least(expires_at, ${until})
    where agent_id = any(${[...agentIds]}::uuid[]) and expires_at > ${now.toISOString()}`
}
