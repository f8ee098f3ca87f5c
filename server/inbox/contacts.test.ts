import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { delivery, seconds, textDelivery } from '../testing/delivery.ts'
import { TestOutbox } from '../testing/testOutbox.ts'
import { reachTo } from '../testing/testReach.ts'
import { readContact } from './readContact.ts'
import { conversationsById } from './readConversations.ts'
import { readTrail } from './readTrail.ts'
import { sharedMedia } from './sharedMedia.ts'
import { type ContactUpdate, updateContact } from './updateContact.ts'

let inbox: TestOutbox
let conversationId: string
let contactId: string
let phone: string
let customers = 0
beforeAll(async () => {
  inbox = await TestOutbox.open()
})
afterAll(() => inbox.close())
beforeEach(async () => {
  phone = `1650555${4000 + customers++}`
  conversationId = await inbox.openConversation(phone)
  contactId = (await present()).contact.id
})

async function present() {
  const [conversation] = await conversationsById(inbox.workspace.sql, [conversationId])
  if (!conversation) throw new Error('There is no such conversation')
  return conversation
}
const reach = () => reachTo([inbox.workspace.channelId])
const update = (change: Partial<ContactUpdate>) =>
  repeatable(inbox.workspace.sql, (tx) =>
    updateContact(tx, { agent: inbox.agent, reach: reach(), contactId, ...change }),
  )
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error) => error.reason,
  )

test('a contact is shown with the ids WhatsApp knows them by, and the conversations within reach', async () => {
  const contact = await readContact(inbox.workspace.sql, contactId, reach())
  expect(contact).toMatchObject({
    name: 'Sheena Nelson',
    profileName: 'Sheena Nelson',
    givenName: null,
    attributes: {},
    identities: [{ kind: 'phone', value: phone }],
    conversations: [{ id: conversationId }],
  })
  expect(await reasonOf(readContact(inbox.workspace.sql, contactId, reachTo([])))).toBe('NOT_FOUND')
})

test('the name that the team gave stays when the profile changes, and everybody sees it at once', async () => {
  const { version } = await present()
  const { contact, before } = await update({ givenName: 'Sheena, order 4711' })
  expect(before).toEqual({ givenName: null, attributes: {} })
  expect(contact).toMatchObject({ name: 'Sheena, order 4711', profileName: 'Sheena Nelson' })
  const told = (await inbox.events()).at(-1)
  expect(told).toMatchObject({
    type: 'conversation.changed',
    conversation: { id: conversationId, version: version + 1, contact: { name: 'Sheena, order 4711' } },
  })
  const head = {
    from: phone,
    id: `wamid.${phone}.2`,
    timestamp: seconds(new Date(inbox.clock.getTime() + 5000)),
  }
  const profile = { profile: { name: 'She Who Must' }, wa_id: phone }
  await inbox.receive(
    delivery({ contacts: [profile], messages: [{ ...head, type: 'text', text: { body: 'Hi' } }] }),
  )
  expect(await readContact(inbox.workspace.sql, contactId, reach())).toMatchObject({
    name: 'Sheena, order 4711',
    profileName: 'She Who Must',
  })
  expect((await update({ givenName: null })).contact.name).toBe('She Who Must')
  expect((await readTrail(inbox.workspace.sql, conversationId)).map((entry) => entry.action)).toEqual([
    'contact.changed',
    'contact.changed',
  ])
})

test('attributes are set and removed one by one, and what is the same already tells nobody', async () => {
  await update({ attributes: { Plan: 'Gold', City: 'Porto' } })
  const { contact, before } = await update({ attributes: { City: null, Language: 'pt' } })
  expect(contact.attributes).toEqual({ Plan: 'Gold', Language: 'pt' })
  expect(before.attributes).toEqual({ Plan: 'Gold', City: 'Porto' })
  const { version } = await present()
  await update({ attributes: { Plan: 'Gold' } })
  expect((await present()).version).toBe(version)
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`a${index}`, 'x']))
  expect(await reasonOf(update({ attributes: many }))).toBe('INPUT_INVALID')
})

test('a contact of another team is neither shown nor changed', async () => {
  expect(await reasonOf(update({ reach: reachTo([]), givenName: 'Mine' }))).toBe('NOT_FOUND')
  expect((await present()).contact.name).toBe('Sheena Nelson')
})

test('naming a contact while the customer writes ends in neither a deadlock nor a lost message', async () => {
  const writes = Array.from({ length: 10 }, (_, index) =>
    inbox.receive(
      textDelivery(
        `wamid.${phone}.w${index}`,
        `${index}`,
        phone,
        new Date(inbox.clock.getTime() + index * 4e6),
      ),
    ),
  )
  const names = Array.from({ length: 10 }, (_, index) => update({ givenName: `Name ${index}` }))
  await Promise.all([...writes, ...names])
  expect((await present()).unreadCount).toBe(11)
  expect((await present()).contact.name).toStartWith('Name ')
})

test('the files shared with a contact are listed newest first, page by page, and by kind', async () => {
  const send = (index: number, type: 'image' | 'document') => {
    const head = {
      from: phone,
      id: `wamid.${phone}.f${index}`,
      timestamp: seconds(new Date(inbox.clock.getTime() + index * 1000)),
    }
    const file = {
      id: `${phone}${index}`,
      mime_type: type === 'image' ? 'image/jpeg' : 'application/pdf',
      sha256: 'x',
    }
    return inbox.receive(delivery({ messages: [{ ...head, type, [type]: file }] }))
  }
  for (const [index, type] of (['image', 'document', 'image'] as const).entries()) await send(index + 1, type)
  const page = (given: object, at: { cursor?: string; limit: number }) =>
    sharedMedia(inbox.workspace.sql, { contactId, reach: reach(), ...given }, at)
  const first = await page({}, { limit: 2 })
  expect(first.messages.map((message) => message.media?.kind)).toEqual(['image', 'document'])
  const rest = await page({}, { limit: 2, cursor: first.nextCursor ?? '' })
  expect(rest).toMatchObject({ messages: [{ type: 'image' }], nextCursor: null })
  expect((await page({ kinds: ['document'] }, { limit: 9 })).messages).toHaveLength(1)
  expect((await page({ reach: reachTo([]) }, { limit: 9 })).messages).toEqual([])
})
