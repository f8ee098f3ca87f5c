import type { Sql, Transaction } from '../../../db/client.ts'
import { noteFactor } from '../factors/noteFactor.ts'
import type { KnownPasskey, NewPasskey } from './credential.ts'

/** A passkey as its owner sees it in a list. */
export type PasskeySnapshot = {
  id: string
  name: string
  isBackedUp: boolean
  createdAt: Date
  lastUsedAt: Date | null
}

/** More would be a mistake, or somebody who fills the table. */
export const MOST_PASSKEYS = 20

/** The passkeys of an agent, oldest first. */
export function passkeysOf(sql: Sql, agentId: string): Promise<PasskeySnapshot[]> {
  return sql<PasskeySnapshot[]>`
    select id, name, is_backed_up, created_at, last_used_at from passkeys
    where agent_id = ${agentId} order by created_at, id`
}

/** How the authenticators of an agent name the keys that they have: none is made twice on one. */
export function credentialsOf(
  sql: Sql,
  agentId: string,
): Promise<{ credentialId: string; transports: string[] }[]> {
  return sql<{ credentialId: string; transports: string[] }[]>`
    select credential_id, transports from passkeys where agent_id = ${agentId}`
}

/** Keeps a new one; false: there are too many, or somebody has it already. */
export async function addPasskey(
  sql: Sql,
  agentId: string,
  passkey: NewPasskey & { name: string; transports: string[] },
): Promise<boolean> {
  const { name, credentialId, publicKey, algorithm, counter, transports, isBackedUp } = passkey
  return sql.begin(async (tx) => {
    await tx`select 1 from agents where id = ${agentId} for no key update`
    const [{ count } = { count: 0 }] = await tx<{ count: number }[]>`
      select count(*)::int from passkeys where agent_id = ${agentId}`
    if (count >= MOST_PASSKEYS) return false
    const added = await tx`
      insert into passkeys (id, agent_id, name, credential_id, public_key, algorithm, counter, transports, is_backed_up)
      values (${Bun.randomUUIDv7()}, ${agentId}, ${name}, ${credentialId}, ${publicKey}, ${algorithm}, ${counter},
        ${transports}::text[], ${isBackedUp})
      on conflict (credential_id) do nothing returning id`
    if (added.length === 0) return false
    await noteFactor(tx, agentId, 'passkey.added', { name })
    return true
  })
}

/** Gives one of the agent's own another name; false: they have none of this id. */
export async function renamePasskey(sql: Sql, agentId: string, id: string, name: string): Promise<boolean> {
  const renamed = await sql`
    update passkeys set name = ${name} where id = ${id} and agent_id = ${agentId} returning id`
  return renamed.length > 0
}

/** Removes one of the agent's own; false: they have none of this id. */
export async function removePasskey(sql: Sql, agentId: string, id: string): Promise<boolean> {
  return sql.begin(async (tx: Transaction) => {
    const [removed] = await tx<{ name: string }[]>`
      delete from passkeys where id = ${id} and agent_id = ${agentId} returning name`
    if (removed === undefined) return false
    await noteFactor(tx, agentId, 'passkey.removed', { name: removed.name })
    return true
  })
}

/** The key that an authenticator calls so. */
export async function knownPasskey(sql: Sql, credentialId: string): Promise<KnownPasskey | null> {
  const [known] = await sql<KnownPasskey[]>`
    select public_key, algorithm, agent_id from passkeys where credential_id = ${credentialId}`
  return known ?? null
}

/**
 * Notes a use. False when its counter did not go on: then there are two of a key that counts, and one of them is a copy. Most
 * authenticators do not count and always say 0.
 */
export async function noteUse(
  sql: Sql,
  credentialId: string,
  { counter, isBackedUp }: { counter: number; isBackedUp: boolean },
): Promise<boolean> {
  const noted = await sql`
    update passkeys set counter = ${counter}, is_backed_up = ${isBackedUp}, last_used_at = now()
    where credential_id = ${credentialId} and (counter < ${counter} or counter = 0 and ${counter} = 0)
    returning id`
  return noted.length > 0
}
