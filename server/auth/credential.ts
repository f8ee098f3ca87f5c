import type { Sql } from '../../db/client.ts'
import type { Agent } from '../inbox/agent.ts'
import type { Scope } from '../inbox/apiKey.ts'
import { Refusal } from '../inbox/refusal.ts'
import { agentsOfSessions } from './agentOf.ts'
import { agentOfKey, hashOfKey } from './apiKey.ts'

/**
 * What a request proves itself with. It names, and allows nothing: whoever uses it asks {@link callerOf} each time, since
 * sessions end and keys are revoked while a socket or a stream lives.
 */
export type Credential = { kind: 'session'; sessionId: string } | { kind: 'apiKey'; hash: string }

/** Who asks, as they are now. `scopes` null: a person, who may all that the agent may. */
export type Caller = { agent: Agent; scopes: readonly Scope[] | null }

const BEARER = /^bearer +(\S+) *$/i

/**
 * Reads the credential of a request. A key comes before the cookie: it was put there on purpose. Nothing is asked of the
 * database for a key, so a wrong one costs what a right one costs.
 */
export async function credentialOf(
  headers: Headers,
  sessionIdOf: (headers: Headers) => Promise<string | null>,
): Promise<Credential | null> {
  const key = BEARER.exec(headers.get('authorization') ?? '')?.[1]
  if (key !== undefined) return { kind: 'apiKey', hash: hashOfKey(key) }
  const sessionId = await sessionIdOf(headers)
  return sessionId === null ? null : { kind: 'session', sessionId }
}

/** Who a credential stands for; null when it is wrong or has ended. One query. */
export async function callerOf(sql: Sql, credential: Credential, now: Date): Promise<Caller | null> {
  const [caller] = await callersOf(sql, [credential], now)
  return caller ?? null
}

/** {@link callerOf} of many, in their order: one query for all sessions, one for each key. */
export async function callersOf(
  sql: Sql,
  credentials: readonly Credential[],
  now: Date,
): Promise<(Caller | null)[]> {
  const sessionIds = credentials.flatMap((one) => (one.kind === 'session' ? [one.sessionId] : []))
  const agents = sessionIds.length > 0 ? await agentsOfSessions(sql, sessionIds, now) : []
  let next = 0
  return Promise.all(
    credentials.map(async (credential) => {
      if (credential.kind === 'apiKey') return agentOfKey(sql, credential.hash, now)
      const agent = agents[next++] ?? null
      return agent && { agent, scopes: null }
    }),
  )
}

/** What a key is told that may not do what it asks for, though its agent might. */
export function lacking(scope: string | null): Refusal {
  return new Refusal('SCOPE_MISSING', `This API key has not the scope ${scope} that this needs.`, { scope })
}

/** Whether a caller may do what needs a scope. A person may all that their agent may. */
export function mayWithin({ scopes }: Pick<Caller, 'scopes'>, scope: Scope): boolean {
  return scopes === null || scopes.includes(scope)
}
