import type { AgentName } from './snapshot.ts'

/** What a key may do, within what its agent may do: see, change, or administer. None contains another. */
export const SCOPES = ['read', 'write', 'admin'] as const

export type Scope = (typeof SCOPES)[number]

export type ApiKeySnapshot = {
  id: string
  name: string
  /** How the key begins. */
  prefix: string
  scopes: Scope[]
  /** Whom it acts as. */
  agent: AgentName
  createdAt: string
  /** Null when it was made on the command line. */
  createdBy: AgentName | null
  /** Null: it holds until it is revoked. */
  expiresAt: string | null
  /** To the minute; null when it was never used. */
  lastUsedAt: string | null
  revokedAt: string | null
}
