import type { Session } from '../auth/session.ts'

export type Doorkeeper = {
  /** The exact origins of our own pages. */
  origins: string[]
  /** Whose session the headers carry; throws when that cannot be found out. */
  sessionOf(headers: Headers): Promise<Session | null>
}

export type Admission = { session: Session } | { refused: { status: 401 | 403 | 503; reason: string } }

/**
 * Who may open a socket. Browsers send cookies along with a handshake from any page, and no CORS rule stands in between:
 * only a page of ours may, so a missing Origin, `null`, and anything that merely starts or ends like ours is refused.
 * Everything is refused before the upgrade, with a plain status: a socket that opens and closes again makes tRPC's client
 * reconnect without any delay (trpc#4774).
 */
export async function admit(headers: Headers, door: Doorkeeper): Promise<Admission> {
  const origin = headers.get('origin')
  if (origin === null || !door.origins.includes(origin)) {
    return { refused: { status: 403, reason: 'origin' } }
  }
  try {
    const session = await door.sessionOf(headers)
    return session ? { session } : { refused: { status: 401, reason: 'session' } }
  } catch {
    return { refused: { status: 503, reason: 'unavailable' } }
  }
}
