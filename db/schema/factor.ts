import { bigint, boolean, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { agents } from './agent.ts'
import { createdAt, id, moment } from './columns.ts'

/**
 * The second factor of an agent: codes of an app on their phone, and recovery codes for when the phone is gone. better-auth
 * writes it; secret and codes are encrypted with the session secret.
 */
export const twoFactors = pgTable('two_factors', {
  id: id(),
  agentId: uuid()
    .notNull()
    .unique()
    .references(() => agents.id, { onDelete: 'cascade' }),
  secret: text().notNull(),
  backupCodes: text().notNull(),
  /** False until the first code proved that the app has the secret; until then sign-in does not ask. */
  verified: boolean().notNull().default(false),
  failedVerificationCount: integer().notNull().default(0),
  lockedUntil: moment(),
  /** The thirty seconds whose code signed in last: no code of then or before is taken again. */
  lastStep: bigint({ mode: 'number' }),
  createdAt: createdAt(),
})

/** A key of an agent's device or password manager. Only its public half is here. */
export const passkeys = pgTable(
  'passkeys',
  {
    id: id(),
    agentId: uuid()
      .notNull()
      .references(() => agents.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** How the authenticator names the key, in base64url. */
    credentialId: text().notNull().unique(),
    /** SubjectPublicKeyInfo, in base64. */
    publicKey: text().notNull(),
    /** By COSE: -7 ES256, -8 EdDSA, -257 RS256. */
    algorithm: integer().notNull(),
    /** How often it was used, as the authenticator says; many always say 0. */
    counter: bigint({ mode: 'number' }).notNull(),
    transports: text().array().notNull(),
    /** Synchronised by a password manager: it survives the loss of the device. */
    isBackedUp: boolean().notNull(),
    createdAt: createdAt(),
    lastUsedAt: moment(),
  },
  (table) => [index().on(table.agentId)],
)
