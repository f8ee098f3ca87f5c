import { afterAll, beforeAll, expect, test } from 'bun:test'
import { post, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

let stack: Stack
let [ana, ben, carla, dan]: SignedIn[] = []
let conversationId: string
let benId: string
const PHONE = '16505559876'

function there(someone: SignedIn | undefined): SignedIn {
  if (!someone) throw new Error('Nobody signed in')
  return someone
}
const trpcOf = (someone: SignedIn | undefined) => there(someone).trpc

beforeAll(async () => {
  stack = await startStack()
  const names = ['ana', 'ben', 'carla', 'dan']
  ;[ana, ben, carla, dan] = await Promise.all(names.map((name) => signIn(stack.url, `${name}@demo.baton`)))
  await post(stack.url, textDelivery('wamid.desk.1', 'Where is my parcel?', PHONE))
  const conversation = await eventually(async () => {
    const { conversations } = await trpcOf(ana).conversations.list.query({})
    return conversations.find((one) => one.contact.phone === PHONE)
  })
  conversationId = conversation.id
  const { agents } = await trpcOf(ana).people.list.query()
  benId = agents.find((agent) => agent.name.startsWith('Ben'))?.id ?? ''
})
afterAll(async () => {
  await Promise.all([ana, ben, carla, dan].map((someone) => someone?.close()))
  await stack.stop()
})

const idsIn = async (
  someone: SignedIn | undefined,
  view: 'mine' | 'resolved' | 'snoozed' | 'mentions' | 'all',
) => (await trpcOf(someone).conversations.list.query({ view, limit: 100 })).conversations.map((one) => one.id)

test('what is given to a colleague stands in their list, and they hear of it at once', async () => {
  const feed = there(ben).follow((await trpcOf(ben).conversations.list.query({})).cursor)
  const { before } = await trpcOf(ana).conversations.assign.mutate({ conversationId, assigneeId: benId })
  await eventually(() =>
    feed.items.find(
      (item) =>
        item.type === 'event' &&
        item.event.type === 'conversation.changed' &&
        item.event.conversation.assignee?.id === benId,
    ),
  )
  feed.stop()
  expect(await idsIn(ben, 'mine')).toContain(conversationId)
  const undone = await trpcOf(ana).conversations.restore.mutate({
    conversations: [{ conversationId, before }],
  })
  expect(undone).toMatchObject({ changed: [{ conversation: { assignee: null } }], refused: [] })
})

test('what was resolved opens again when the customer writes', async () => {
  const answer = await trpcOf(ana).conversations.bulk.mutate({
    ids: [conversationId],
    action: { kind: 'resolve' },
  })
  expect(answer.refused).toEqual([])
  expect(await idsIn(ana, 'all')).not.toContain(conversationId)
  expect(await idsIn(ana, 'resolved')).toContain(conversationId)
  await post(stack.url, textDelivery('wamid.desk.2', 'It never came', PHONE))
  await eventually(async () => (await idsIn(ana, 'all')).includes(conversationId))
})

test('a snooze ends by itself', async () => {
  const until = new Date(Date.now() + 1500).toISOString()
  await trpcOf(ana).conversations.snooze.mutate({ conversationId, until })
  expect(await idsIn(ana, 'snoozed')).toContain(conversationId)
  await eventually(async () => (await idsIn(ana, 'all')).includes(conversationId), { withinMs: 30_000 })
})

test('labels are the administrator’s to make and everybody’s to use', async () => {
  const feed = there(dan).follow()
  await eventually(() => feed.items.length > 0)
  const making = { name: 'Parcel lost', colour: 'orange' as const }
  await expect(trpcOf(ana).labels.save.mutate(making)).rejects.toMatchObject({
    data: { reason: 'FORBIDDEN' },
  })
  const { label } = await trpcOf(carla).labels.save.mutate(making)
  await eventually(() =>
    feed.items.find((item) => item.type === 'event' && item.event.type === 'labels.changed'),
  )
  feed.stop()
  await trpcOf(ana).conversations.label.mutate({ conversationId, add: [label.id] })
  const { conversations } = await trpcOf(ana).conversations.list.query({ labelIds: [label.id] })
  expect(conversations.map((one) => one.id)).toEqual([conversationId])
})

test('a note calls a colleague, is found by its words, and never reaches the customer', async () => {
  const { message } = await trpcOf(ana).notes.add.mutate({
    conversationId,
    clientMessageId: Bun.randomUUIDv7(),
    text: '@Ben the courier admits the mistake',
    mentions: [benId],
  })
  expect(await idsIn(ben, 'mentions')).toContain(conversationId)
  expect((await trpcOf(ben).conversations.list.query({})).counts.mentions).toBe(1)
  await trpcOf(ben).notes.markRead.mutate({ conversationId })
  expect((await trpcOf(ben).conversations.list.query({})).counts.mentions).toBe(0)
  const hit = await eventually(
    async () => (await trpcOf(ben).search.query.query({ text: 'courier mist' })).messages[0],
    { withinMs: 30_000 },
  )
  expect(hit).toMatchObject({ message: { id: message.id }, conversation: { id: conversationId } })
  const page = await trpcOf(ben).messages.list.query({ conversationId, around: message.id })
  expect(page.anchorId).toBe(message.id)
  expect(stack.simulator.phones.log(PHONE).some((row) => JSON.stringify(row).includes('courier'))).toBe(false)
})

test('a scheduled message reaches the customer at its time', async () => {
  const { scheduled } = await trpcOf(ana).messages.schedule.mutate({
    conversationId,
    clientMessageId: Bun.randomUUIDv7(),
    body: 'Good morning, it is on its way.',
    sendAt: new Date(Date.now() + 1000).toISOString(),
  })
  expect(scheduled).toMatchObject({ state: 'scheduled', isBeyondWindow: false })
  await eventually(
    () => stack.simulator.phones.log(PHONE).some((row) => JSON.stringify(row).includes('Good morning')),
    { withinMs: 30_000 },
  )
  expect((await trpcOf(ana).messages.scheduled.query({ conversationId })).scheduled).toEqual([])
})

test('drafts follow their agent, and canned replies are filled for the contact', async () => {
  await trpcOf(ana).drafts.save.mutate({ conversationId, body: 'Dear' })
  expect((await trpcOf(ana).drafts.get.query({ conversationId })).draft).toMatchObject({
    body: 'Dear',
    version: 1,
  })
  expect((await trpcOf(ben).drafts.get.query({ conversationId })).draft).toBeNull()
  const { cannedReply } = await trpcOf(ana).cannedReplies.save.mutate({
    shortcut: 'sorry',
    title: 'Apology',
    body: 'Sorry, {{contact.name}}. {{agent.first_name}}',
  })
  const filled = await trpcOf(ben).cannedReplies.fill.query({ cannedReplyId: cannedReply.id, conversationId })
  expect(filled).toEqual({ text: 'Sorry, Sheena Nelson. Ben', missing: [], gaps: [] })
})

test('another team sees and does nothing of all that', async () => {
  const clientMessageId = Bun.randomUUIDv7()
  const contactId = (await trpcOf(ana).conversations.get.query({ conversationId })).contact.id
  const { conversations, notes, drafts, messages, contacts, search } = trpcOf(dan)
  const attempts = await Promise.allSettled([
    conversations.assign.mutate({ conversationId, assigneeId: null }),
    conversations.resolve.mutate({ conversationId }),
    conversations.reopen.mutate({ conversationId }),
    conversations.snooze.mutate({ conversationId, until: null }),
    conversations.label.mutate({ conversationId }),
    notes.add.mutate({ conversationId, clientMessageId, text: 'x' }),
    drafts.get.query({ conversationId }),
    drafts.save.mutate({ conversationId, body: 'x' }),
    messages.schedule.mutate({
      conversationId,
      clientMessageId,
      body: 'x',
      sendAt: new Date(Date.now() + 60_000).toISOString(),
    }),
    messages.scheduled.query({ conversationId }),
    messages.list.query({ conversationId, around: '2020-01-01' }),
    search.query.query({ text: 'parcel', conversationId }),
    contacts.get.query({ contactId }),
    contacts.update.mutate({ contactId, givenName: 'x' }),
  ])
  for (const attempt of attempts)
    expect(attempt).toMatchObject({ status: 'rejected', reason: { data: { reason: 'NOT_FOUND' } } })
  const { refused } = await conversations.bulk.mutate({ ids: [conversationId], action: { kind: 'resolve' } })
  expect(refused).toMatchObject([{ conversationId, reason: 'NOT_FOUND' }])
  const found = await search.query.query({ text: 'parcel' })
  expect(found).toMatchObject({ messages: [], conversations: [] })
  expect((await contacts.media.query({ contactId })).messages).toEqual([])
})
