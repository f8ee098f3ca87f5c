import type { Sql } from '../../../db/client.ts'
import { repeatable } from '../../../db/repeatable.ts'
import { commitWithEvents } from '../../../server/inbox/commitWithEvents.ts'
import { delivery, post, seconds, textDelivery } from '../../../server/testing/delivery.ts'
import { eventually } from '../../../server/testing/eventually.ts'
import { between, type Chance, pick } from '../../simulate/chance.ts'

const CUSTOMERS = Array.from({ length: 6 }, (_, index) => `1650555${3000 + index}`)
/** Every so many events, one is a reaction. */
const REACTION_EVERY = 5
const LARGEST_BURST = 8

/** Every customer writes once, so that there is a conversation with each. */
export async function introduce(url: string, sql: Sql): Promise<void> {
  for (const phone of CUSTOMERS) await deliver(url, textDelivery(firstOf(phone), 'Good morning', phone))
  await eventually(async () => {
    const known = await sql`select from messages where wamid = any(${CUSTOMERS.map(firstOf)})`
    return known.length === CUSTOMERS.length
  })
}

/** Signed webhooks that make `count` events, in bursts that are stored together; between them, something that a team cannot see. */
export async function busy(url: string, sql: Sql, chance: Chance, count: number): Promise<void> {
  for (let written = 0; written < count; ) {
    const burst = Math.min(count - written, between(chance, [1, LARGEST_BURST]))
    await Promise.all(Array.from({ length: burst }, (_, at) => deliver(url, anything(chance, written + at))))
    await happenElsewhere(sql)
    written += burst
  }
}

/** One text of one of the customers, and its wamid. */
export function anotherText(chance: Chance) {
  const wamid = `wamid.${Bun.randomUUIDv7()}`
  return { wamid, body: textDelivery(wamid, `And then ${wamid}`, pick(chance, CUSTOMERS)) }
}

function anything(chance: Chance, at: number) {
  if (at % REACTION_EVERY !== 0) return anotherText(chance).body
  const from = pick(chance, CUSTOMERS)
  const reaction = { message_id: firstOf(from), emoji: pick(chance, ['👍', '❤️', '😂']) }
  const id = `wamid.${Bun.randomUUIDv7()}`
  return delivery({
    contacts: [{ profile: { name: 'Sheena Nelson' }, wa_id: from }],
    messages: [{ from, id, timestamp: seconds(new Date()), type: 'reaction', reaction }],
  })
}

/** An event of a channel that no team answers: a gap in the log of everybody but administrators. */
async function happenElsewhere(sql: Sql): Promise<void> {
  const [channel] = await sql<{ id: string; workspaceId: string }[]>`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
    select ${ELSEWHERE}, workspace_id, 'Elsewhere', '1', '15550000000', '1' from channels limit 1
    on conflict (id) do update set name = excluded.name
    returning id, workspace_id`
  if (!channel) throw new Error('There is no workspace')
  const { workspaceId, id: channelId } = channel
  const event = { type: 'message.status', messageId: ELSEWHERE, conversationId: ELSEWHERE } as const
  const status = { attempt: 1, status: 'read', error: null, wamid: null } as const
  const row = { workspaceId, channelId, conversationId: ELSEWHERE, event: { ...event, ...status } }
  await repeatable(sql, async (tx) => commitWithEvents(tx, [row]))
}

async function deliver(url: string, body: Parameters<typeof post>[1]): Promise<void> {
  const response = await post(url, body)
  if (!response.ok) throw new Error(`A webhook was answered with ${response.status}`)
}

const firstOf = (phone: string) => `wamid.first.${phone}`
const ELSEWHERE = Bun.randomUUIDv7()
