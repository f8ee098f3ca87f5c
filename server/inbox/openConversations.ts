import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'

export type Pair = { workspaceId: string; channelId: string; contactId: string }

const keyOf = ({ channelId, contactId }: Omit<Pair, 'workspaceId'>) => `${channelId} ${contactId}`

/** The conversation of each channel and contact, in the same order; those that do not exist yet are opened. */
export async function openConversations(tx: Transaction, pairs: readonly Pair[]): Promise<string[]> {
  if (pairs.length === 0) return []
  const distinct = [...new Map(pairs.map((pair) => [keyOf(pair), pair])).values()]
  const known = await lookUp(tx, distinct)
  const missing = distinct.filter((pair) => !known.has(keyOf(pair)))
  if (missing.length > 0) {
    // In a fixed order, so that two transactions that open the same conversations do not wait for each other in a circle.
    const rows = missing
      .map((pair) => ({ id: Bun.randomUUIDv7(), ...pair }))
      .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    await tx`
      insert into conversations (id, workspace_id, channel_id, contact_id)
      select r.id, r."workspaceId", r."channelId", r."contactId"
      from ${unnest(tx, rows, { id: 'uuid', workspaceId: 'uuid', channelId: 'uuid', contactId: 'uuid' })}
      on conflict (channel_id, contact_id) do nothing`
    for (const [key, id] of await lookUp(tx, missing)) known.set(key, id)
  }
  return pairs.map((pair) => {
    const id = known.get(keyOf(pair))
    if (id === undefined) throw new Error('A conversation was neither found nor opened')
    return id
  })
}

async function lookUp(tx: Transaction, pairs: Pair[]): Promise<Map<string, string>> {
  const rows = await tx<{ id: string; channelId: string; contactId: string }[]>`
    select c.id, c.channel_id, c.contact_id
    from ${unnest(tx, pairs, { channelId: 'uuid', contactId: 'uuid', workspaceId: 'uuid' })}
    join conversations c on c.channel_id = r."channelId" and c.contact_id = r."contactId"`
  return new Map(rows.map((row) => [keyOf(row), row.id]))
}
