import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { Overtaken, repeatable } from '../../db/repeatable.ts'
import { delivery, seconds, textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { graphThat, TestOutbox } from '../testing/testOutbox.ts'
import { testAgent } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { presentId } from './joinedConversations.ts'
import { type ContactMerge, mergeContacts } from './mergeContacts.ts'
import { mergePreview } from './mergePreview.ts'
import { readContact } from './readContact.ts'
import { conversationsById } from './readConversations.ts'
import { readTrail } from './readTrail.ts'
import { storeDeliveries } from './storeDeliveries.ts'

let inbox: TestOutbox
let customers = 0
/** Two of whom somebody finds out that they are one: with their numbers, contacts and conversations. */
let one: Customer
let other: Customer

type Customer = { phone: string; contactId: string; conversationId: string }

beforeAll(async () => {
  inbox = await TestOutbox.open()
})
afterAll(() => inbox.close())
beforeEach(async () => {
  one = await customer()
  other = await customer()
})

async function customer(): Promise<Customer> {
  const phone = `1650557${1000 + customers++}`
  const conversationId = await inbox.openConversation(phone)
  const [conversation] = await conversationsById(inbox.workspace.sql, [conversationId])
  return { phone, conversationId, contactId: conversation?.contact.id ?? '' }
}
const sql = () => inbox.workspace.sql
const reach = () => reachTo([inbox.workspace.channelId])
const merge = (change: Partial<ContactMerge> = {}) => {
  const wanted = {
    agent: inbox.agent,
    reach: reach(),
    intoContactId: one.contactId,
    contactId: other.contactId,
  }
  return repeatable(sql(), (tx) => mergeContacts(tx, { ...wanted, ...change }))
}
const says = (from: string, text: string, laterMs = 0) =>
  inbox.receive(textDelivery(`wamid.${from}.${text}`, text, from, new Date(inbox.clock.getTime() + laterMs)))
const textsOf = async (conversationId: string) => {
  const rows = await sql()<{ body: string }[]>`
    select body from messages where conversation_id = ${conversationId} order by position`
  return rows.map((row) => row.body)
}
const present = async (id: string) => (await conversationsById(sql(), [id]))[0]
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.reason,
  )
/** How many wait for a lock of somebody else's transaction. */
const waiting = async () => {
  const [row] = await sql()<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  return row?.count ?? 0
}

describe('two contacts that are joined', () => {
  test('their two conversations of a channel become one, in which messages stand as they were written', async () => {
    await says(one.phone, 'first', 1_000)
    await says(other.phone, 'second', 2_000)
    await says(one.phone, 'third', 3_000)
    await inbox.send(other.conversationId, 'answer')
    const { contact, joined } = await merge()
    expect(joined).toEqual([{ conversationId: other.conversationId, into: one.conversationId }])
    // An answer never stands above what it answers.
    expect(await textsOf(one.conversationId)).toEqual(['Hi', 'Hi', 'first', 'second', 'answer', 'third'])
    expect(await present(other.conversationId)).toBeUndefined()
    expect((await present(one.conversationId))?.unreadCount).toBe(5)
    expect(contact.identities.map(({ value }) => value).sort()).toEqual([one.phone, other.phone].sort())
    expect(await presentId(sql(), other.conversationId)).toBe(one.conversationId)
  })

  test('what comes later from either number finds the one that stayed, and answers go to the number that wrote last', async () => {
    await merge()
    await says(other.phone, 'from the old number', 5_000)
    expect(await textsOf(one.conversationId)).toContain('from the old number')
    const graph = graphThat((_, count) => ({ sent: `wamid.sent.${one.phone}.${count}` }))
    await inbox.running(graph, async () => {
      await inbox.send(one.conversationId, 'to the number of now')
      inbox.ring()
      await eventually(() => graph.texts().includes('to the number of now'))
    })
    expect(graph.reached.at(graph.texts().indexOf('to the number of now'))?.recipient).toEqual({
      phone: other.phone,
    })
    await says(one.phone, 'and back', 9_000)
    // A delivery that comes late says nothing about now.
    await says(other.phone, 'late', 7_000)
    expect((await present(one.conversationId))?.contact.phone).toBe(one.phone)
  })

  test('work, labels, drafts, scheduled and queued messages are all there afterwards', async () => {
    const ben = await testAgent(inbox.workspace, 'Ben')
    const [labelA, labelB] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
    const { workspaceId, channelId } = inbox.workspace
    await sql()`update conversations set label_ids = ${`{${labelA}}`}::uuid[], status = 'resolved' where id = ${one.conversationId}`
    await sql()`
      update conversations set label_ids = ${`{${labelA},${labelB}}`}::uuid[], status = 'snoozed', assignee_id = ${ben.id},
        snoozed_until = now() + interval '1 day' where id = ${other.conversationId}`
    for (const [place, body] of [
      [one.conversationId, 'Dear'],
      [other.conversationId, 'Sheena'],
    ] as const)
      await sql()`
        insert into drafts (conversation_id, agent_id, workspace_id, body, version, updated_at)
        values (${place}, ${ben.id}, ${workspaceId}, ${body}, 3, now())`
    const scheduledId = Bun.randomUUIDv7()
    await sql()`
      insert into scheduled_messages (id, workspace_id, channel_id, conversation_id, agent_id, client_message_id, content, send_at)
      values (${scheduledId}, ${workspaceId}, ${channelId}, ${other.conversationId}, ${ben.id}, ${Bun.randomUUIDv7()},
        '{"kind":"text","text":"later"}', now() + interval '1 hour')`
    const queued = await inbox.send(other.conversationId, 'in line')
    await merge()
    expect(await present(one.conversationId)).toMatchObject({
      status: 'snoozed',
      assignee: { id: ben.id },
      labelIds: [labelA, labelB],
    })
    const drafts = await sql()`select body, version from drafts where conversation_id = ${one.conversationId}`
    expect([...drafts]).toEqual([{ body: 'Dear\n\nSheena', version: 4 }])
    const placeOf = async (table: string, id: string) =>
      (
        await sql()`select conversation_id from ${sql()(table)} where ${id} in (id::text, ${table === 'outbox' ? sql()`message_id::text` : sql()`id::text`})`
      )[0]?.conversationId
    expect(await placeOf('scheduled_messages', scheduledId)).toBe(one.conversationId)
    expect(await placeOf('outbox', queued.id)).toBe(one.conversationId)
  })

  test('what the team knew of either is known of the one, and a no to marketing stays a no', async () => {
    await sql()`update contacts set attributes = '{"Plan":"Gold","City":"Porto"}' where id = ${one.contactId}`
    await sql()`
      update contacts set attributes = '{"Plan":"Silver","Dog":"Rex"}', given_name = 'The one with the dog', opted_out_at = now(),
        opt_out_source = 'agent' where id = ${other.contactId}`
    const { contact } = await merge()
    expect(contact.attributes).toEqual({ Plan: 'Gold', City: 'Porto', 'Plan (2)': 'Silver', Dog: 'Rex' })
    expect(contact.name).toBe('The one with the dog')
    expect(contact.optedOutAt).not.toBeNull()
  })

  test('every tab is told which conversation went where, and the trail who did it', async () => {
    const before = (await inbox.events()).length
    await merge()
    expect((await inbox.events()).slice(before)).toMatchObject([
      { type: 'conversation.joined', conversationId: other.conversationId, into: one.conversationId },
      {
        type: 'conversation.changed',
        conversation: { id: one.conversationId, contact: { id: one.contactId } },
      },
    ])
    const [entry] = await readTrail(sql(), one.conversationId)
    expect(entry).toMatchObject({
      action: 'contact.merged',
      actor: { id: inbox.agent.id },
      details: { contactId: other.contactId, joinedId: other.conversationId, messages: 1 },
    })
  })

  test('joined once more, the address of the very first conversation leads to the last', async () => {
    await merge()
    const third = await customer()
    await merge({ intoContactId: third.contactId, contactId: one.contactId })
    expect(await presentId(sql(), other.conversationId)).toBe(third.conversationId)
  })

  test('messages that were sent in one and the same moment keep places of their own', async () => {
    await inbox.send(one.conversationId, 'here')
    await inbox.send(other.conversationId, 'there')
    const [same] = await sql()<{ position: string }[]>`
      select position from messages where conversation_id = ${one.conversationId} and body = 'here'`
    await sql()`update messages set position = ${same?.position ?? ''} where conversation_id = ${other.conversationId} and body = 'there'`
    await merge()
    const places = await sql()<{ position: string }[]>`
      select position from messages where conversation_id = ${one.conversationId} and body in ('here', 'there')`
    expect(new Set(places.map((row) => row.position)).size).toBe(2)
    expect(places.every(({ position }) => position.length === 34)).toBe(true)
  })

  test('the question before it says what would move', async () => {
    await says(other.phone, 'more', 1_000)
    const wanted = {
      agent: inbox.agent,
      reach: reach(),
      intoContactId: one.contactId,
      contactId: other.contactId,
    }
    expect(await mergePreview(sql(), wanted)).toMatchObject({
      into: { id: one.contactId },
      contact: { identities: [{ kind: 'phone', value: other.phone }] },
      conversations: [{ conversationId: other.conversationId, messages: 2, joins: true }],
    })
    expect(await present(other.conversationId)).toBeDefined()
  })

  test('a contact with themselves, with a group, or with somebody out of reach is not joined', async () => {
    expect(await reasonOf(merge({ contactId: one.contactId }))).toBe('INPUT_INVALID')
    expect(await reasonOf(merge({ reach: reachTo([]) }))).toBe('NOT_FOUND')
    await sql()`update contacts set kind = 'group' where id = ${other.contactId}`
    expect(await reasonOf(merge())).toBe('INPUT_INVALID')
    expect(await readContact(sql(), other.contactId, reach())).toMatchObject({ id: other.contactId })
  })

  test('nobody joins what would change conversations that they can not see', async () => {
    const channelId = Bun.randomUUIDv7()
    const { workspaceId } = inbox.workspace
    await sql()`
      insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
      values (${channelId}, ${workspaceId}, 'Sales', ${`1${customers}`}, '15550783882', '1')`
    const elsewhere = Bun.randomUUIDv7()
    await sql()`
      insert into conversations (id, workspace_id, channel_id, contact_id) values (${elsewhere}, ${workspaceId}, ${channelId}, ${other.contactId})`
    expect(await reasonOf(merge())).toBe('FORBIDDEN')
    const { joined } = await merge({ reach: reachTo([inbox.workspace.channelId, channelId]) })
    expect(joined).toHaveLength(1)
    expect((await present(elsewhere))?.contact.id).toBe(one.contactId)
  })
})

describe('while messages come in', () => {
  /** What is in the inbox of the two, for a comparison with what was said. */
  const held = async () => {
    const rows = await sql()<{ wamid: string | null; body: string; conversationId: string }[]>`
      select m.wamid, m.body, m.conversation_id from messages m join conversations c on c.id = m.conversation_id
      where c.contact_id in (${one.contactId}, ${other.contactId})`
    return rows.map((row) => row.wamid ?? row.body).sort()
  }

  test('nothing that comes or goes is lost or doubled, whenever the two are joined', async () => {
    for (let round = 0; round < 12; round += 1) {
      one = await customer()
      other = await customer()
      const expected = [`wamid.${one.phone}`, `wamid.${other.phone}`]
      const acts: Promise<unknown>[] = []
      let sent = 0
      for (let number = 0; number < 12; number += 1) {
        for (const { phone, conversationId } of [one, other]) {
          expected.push(`wamid.${phone}.${number}`)
          acts.push(says(phone, `${number}`, number * 1_000))
          if (number % 3 === 0) acts.push(says(phone, `${number}`, number * 1_000))
          const text = `answer ${phone} ${number}`
          const answer = inbox.send(conversationId, text).then(
            () => {
              sent += 1
              expected.push(text)
            },
            (error) => {
              // The writer is told, and what was refused was not written.
              if (error.reason !== 'NOT_FOUND') throw error
            },
          )
          acts.push(answer)
        }
        if (number === round) acts.push(merge())
      }
      await Promise.all(acts)
      expect(sent).toBeGreaterThanOrEqual(12)
      expect(await held()).toEqual(expected.sort())
      const left = await sql()`
          select id from conversations where contact_id in (${one.contactId}, ${other.contactId})
            and id <> ${one.conversationId}`
      expect([...left]).toEqual([])
      const unread = await present(one.conversationId)
      expect(unread?.unreadCount).toBe(26)
    }
    const dead = await sql()`select 1 from dead_letters`
    expect(dead.length).toBe(0)
  }, 120_000)

  /** A delivery of the one that goes, which has found its conversation when that becomes part of the other. */
  async function overtaken(store: (phone: string) => Promise<unknown>) {
    const released = Promise.withResolvers<void>()
    const holding = Promise.withResolvers<void>()
    const blocker = sql().begin(async (tx) => {
      await tx`select 1 from conversations where id = ${other.conversationId} for update`
      holding.resolve()
      await released.promise
    })
    await holding.promise
    const merged = merge()
    await eventually(async () => (await waiting()) === 1)
    const stored = store(other.phone).then(
      () => 'stored',
      (error) => error,
    )
    await eventually(async () => (await waiting()) === 2)
    released.resolve()
    await Promise.all([blocker, merged])
    return stored
  }

  test('a delivery that was on its way into the one that goes looks again, and ends in the other', async () => {
    expect(await overtaken((phone) => says(phone, 'on its way', 1_000))).toBe('stored')
    expect(await textsOf(one.conversationId)).toContain('on its way')
  })

  test('control: one that does not look again is lost', async () => {
    const outcome = await overtaken((phone) => {
      const head = { from: phone, id: `wamid.${phone}.lost`, timestamp: seconds(inbox.clock) }
      const body = new TextEncoder().encode(
        JSON.stringify(delivery({ messages: [{ ...head, type: 'text', text: { body: 'lost' } }] })),
      )
      const items = readDelivery(body, inbox.clock).map((item) => ({
        ...item,
        streamId: `${Date.now()}-0`,
        receivedAt: inbox.clock,
        body,
      }))
      return sql().begin(async (tx) => {
        commitWithEvents(tx, (await storeDeliveries(tx, items, inbox.clock)).events)
      })
    })
    expect(outcome).toBeInstanceOf(Overtaken)
    expect(await textsOf(one.conversationId)).not.toContain('lost')
  })
})
