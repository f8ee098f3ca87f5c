import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { persist } from '../ingest/persist.ts'
import { type Delivery, delivery, seconds, statusDelivery, textDelivery } from '../testing/delivery.ts'
import { eventsOf } from '../testing/eventsOf.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { Refusal } from './refusal.ts'
import { setOptOut } from './setOptOut.ts'

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  await workspace.sql`
    truncate messages, message_attempts, message_statuses, events, outbox, dead_letters, channel_events, conversations,
      contacts, contact_identities cascade`
})

const CUSTOMER = '16505551234'
const at = (second: number) => new Date(Date.UTC(2026, 7, 1, 12, 0, second))

let streamMs = Date.now()
/** Stores deliveries, in one batch. */
async function receive(...bodies: Delivery[]): Promise<void> {
  const items = bodies.flatMap((value) => {
    const body = new TextEncoder().encode(JSON.stringify(value))
    const receivedAt = new Date(streamMs)
    const streamId = `${streamMs++}-0`
    return readDelivery(body, receivedAt).map((item) => ({ ...item, streamId, receivedAt, body }))
  })
  await persist(workspace.sql, items, () => new Date())
}

const preference = (value: 'stop' | 'resume', second: number, person: Delivery = { wa_id: CUSTOMER }) =>
  delivery(
    {
      contacts: [{ profile: { name: 'Sheena' }, ...person }],
      user_preferences: [
        {
          ...person,
          detail: `User requested to ${value} marketing messages`,
          category: 'marketing_messages',
          value,
          timestamp: Number(seconds(at(second))),
        },
      ],
    },
    'user_preferences',
  )
const writes = (body: string, second = 0, wamid = `wamid.${body}.${second}`) =>
  textDelivery(wamid, body, CUSTOMER, at(second))

type Contact = { id: string; optedOutAt: Date | null; optOutSource: string | null }
async function contact(): Promise<Contact | undefined> {
  const rows = await workspace.sql<Contact[]>`
    select c.id, c.opted_out_at, c.opt_out_source from contacts c
    join contact_identities i on i.contact_id = c.id and i.value = ${CUSTOMER}`
  return rows[0]
}
const optOut = async () => {
  const found = await contact()
  return found?.optedOutAt ? { at: found.optedOutAt, source: found.optOutSource } : null
}
const events = () => eventsOf(workspace.sql)

describe('a contact who wants no marketing', () => {
  test('said so to WhatsApp, and may take it back there', async () => {
    await receive(writes('Hello'))
    await receive(preference('stop', 1))
    expect(await optOut()).toEqual({ at: at(1), source: 'user_preferences' })
    const last = (await events()).at(-1)
    expect(last).toMatchObject({
      type: 'conversation.changed',
      conversation: { contact: { optedOutAt: at(1).toISOString() } },
    })
    await receive(preference('resume', 2))
    expect(await optOut()).toBeNull()
    expect((await events()).at(-1)).toMatchObject({ conversation: { contact: { optedOutAt: null } } })
  })

  test('is known before the first message, and also by a user id', async () => {
    await receive(preference('stop', 1, { wa_id: CUSTOMER, user_id: 'US.13491208655302741918' }))
    await receive(preference('resume', 2, { user_id: 'US.13491208655302741918' }))
    expect(await optOut()).toBeNull()
    await receive(preference('stop', 3, { user_id: 'US.13491208655302741918' }), writes('Hello', 4))
    expect(await optOut()).toEqual({ at: at(3), source: 'user_preferences' })
    expect((await events()).at(-1)).toMatchObject({
      type: 'message.added',
      conversation: { contact: { optedOutAt: at(3).toISOString() } },
    })
  })

  test('wrote a STOP word of the channel and nothing else, however it is written', async () => {
    await receive(writes('Please do not stop'), writes('Stopp', 1))
    expect(await optOut()).toBeNull()
    await receive(writes(' stop. ', 2))
    expect(await optOut()).toEqual({ at: at(2), source: 'stop_word' })
    await workspace.sql`update contacts set opted_out_at = null, marketing_said_at = null`
    await workspace.sql`update channels set stop_words = '{BASTA}'`
    await receive(writes('Stop', 3), writes('basta!', 4))
    expect(await optOut()).toEqual({ at: at(4), source: 'stop_word' })
    await workspace.sql`update channels set stop_words = '{STOP,UNSUBSCRIBE}'`
  })

  test('was found out by a refusal of WhatsApp', async () => {
    await receive(writes('Hello'))
    const { sql, workspaceId, channelId } = workspace
    const [conversation] = await sql<{ id: string }[]>`select id from conversations`
    const messageId = Bun.randomUUIDv7()
    await sql`
      insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, content, position, sent_at, attempt)
      values (${messageId}, ${workspaceId}, ${channelId}, ${conversation?.id ?? ''}, 'out', 'template', 'sent', '{}', '1', now(), 1)`
    await sql`
      insert into message_attempts (id, workspace_id, channel_id, message_id, number, status, status_rank, wamid)
      values (${Bun.randomUUIDv7()}, ${workspaceId}, ${channelId}, ${messageId}, 1, 'sent', 3, 'wamid.marketing')`
    const errors = [{ code: 131050, title: 'User opted out' }]
    const refused = statusDelivery('wamid.marketing', 'failed', { timestamp: seconds(at(9)), errors })
    await receive(refused)
    expect(await optOut()).toEqual({ at: at(9), source: 'refused_by_whatsapp' })
    const changed = (await events()).filter((event) => event.type === 'conversation.changed')
    await receive(refused)
    expect((await events()).filter((event) => event.type === 'conversation.changed')).toEqual(changed)
  })

  test('is so by the newest word, whatever order words come in and however often', async () => {
    const words = [preference('stop', 1), writes('STOP', 2), preference('resume', 3), preference('stop', 4)]
    const [first, second, third, fourth] = words as [Delivery, Delivery, Delivery, Delivery]
    const orders = [
      words,
      words.toReversed(),
      [third, first, fourth, second, third],
      [fourth, third, second, first, fourth],
    ]
    for (const order of orders) {
      await workspace.sql`truncate messages, events, channel_events, conversations, contacts, contact_identities cascade`
      for (const word of order) await receive(word)
      expect(await optOut()).toEqual({ at: at(4), source: 'user_preferences' })
      await receive(preference('resume', 5), ...order)
      expect(await optOut()).toBeNull()
    }
  })

  test('told an agent, whose word counts until there is a newer one', async () => {
    await receive(writes('STOP', 1))
    const contactId = (await contact())?.id ?? ''
    const set = (isOptedOut: boolean, reach = reachTo([workspace.channelId])) =>
      repeatable(workspace.sql, (tx) => setOptOut(tx, { contactId, isOptedOut, reach }, new Date()))
    expect(await set(false)).toMatchObject({ id: contactId, optedOutAt: null })
    expect(await optOut()).toBeNull()
    await receive(writes('STOP', 1))
    expect(await optOut()).toBeNull()
    expect(await set(true)).toMatchObject({ optedOutAt: expect.any(String) })
    expect((await optOut())?.source).toBe('agent')
    const refusal = await set(false, reachTo([])).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(Refusal)
  })
})

describe('an ad that brings a customer', () => {
  const fromAd = (second: number, wamid: string) =>
    delivery({
      contacts: [{ profile: { name: 'Sheena' }, wa_id: CUSTOMER }],
      messages: [
        {
          from: CUSTOMER,
          id: wamid,
          timestamp: seconds(at(second)),
          type: 'text',
          text: { body: 'Still there?' },
          referral: { source_type: 'ad', source_id: '1', source_url: 'https://fb.me/x', headline: 'Sofas' },
        },
      ],
    })

  test('makes 72 hours free, which open no window of their own, and the newest counts', async () => {
    await receive(fromAd(20, 'wamid.2'), writes('And?', 40))
    await receive(fromAd(10, 'wamid.1'))
    const [row] = await workspace.sql<{ freeEntryEndsAt: Date; lastInboundAt: Date }[]>`
      select free_entry_ends_at, last_inbound_at from conversations`
    expect(row?.freeEntryEndsAt).toEqual(new Date(at(20).getTime() + 72 * 60 * 60 * 1000))
    expect(row?.lastInboundAt).toEqual(at(40))
    const last = (await events()).at(-1)
    expect(last).toMatchObject({
      conversation: {
        freeEntryEndsAt: row?.freeEntryEndsAt.toISOString(),
        windowClosesAt: new Date(at(40).getTime() + 24 * 60 * 60 * 1000).toISOString(),
      },
    })
  })
})
