import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { persist } from '../ingest/persist.ts'
import { type Delivery, delivery, seconds, textDelivery } from '../testing/delivery.ts'
import { eventsOf } from '../testing/eventsOf.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { messageHistory } from './messageHistory.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  await workspace.sql`
    truncate messages, message_attempts, message_statuses, message_reactions, events, outbox, dead_letters, channel_events,
      conversations, contacts, contact_identities cascade`
})

let streamMs = Date.now()
async function receive(...bodies: Delivery[]): Promise<void> {
  for (const value of bodies) {
    const body = new TextEncoder().encode(JSON.stringify(value))
    const receivedAt = new Date(streamMs)
    const streamId = `${streamMs++}-0`
    const items = readDelivery(body, receivedAt).map((item) => ({ ...item, streamId, receivedAt, body }))
    await persist(workspace.sql, items, () => new Date())
  }
}

const CUSTOMER = '16505551234'
let second = 1_750_000_000
const message = (wamid: string, type: string, part: Delivery, from = CUSTOMER): Delivery =>
  delivery({
    contacts: [{ profile: { name: 'Sheena' }, wa_id: from }],
    messages: [{ from, id: wamid, timestamp: String(second++), type, [type]: part }],
  })
const edit = (wamid: string, target: string, body: string) =>
  message(wamid, 'edit', {
    original_message_id: target,
    message: { context: { id: 'M0' }, type: 'text', text: { body } },
  })

async function bubble(wamid: string) {
  const rows = await workspace.sql<{ id: string }[]>`select id from messages where wamid = ${wamid}`
  const [found] = await messagesById(
    workspace.sql,
    rows.map((row) => row.id),
  )
  if (!found) throw new Error(`There is no ${wamid}`)
  return found
}
const events = () => eventsOf(workspace.sql)
const conversation = async () =>
  (
    await workspace.sql<{ unreadCount: number; lastWamid: string }[]>`
    select c.unread_count, m.wamid as last_wamid from conversations c join messages m on m.id = c.last_message_id`
  )[0]

describe('an edit', () => {
  test('leaves what was said before it to be read, also when all of it is taken back', async () => {
    await receive(message('m', 'text', { body: 'Helo' }))
    await receive(edit('e1', 'm', 'Hello'), edit('e2', 'm', 'Hello there'))
    await receive(message('r1', 'revoke', { original_message_id: 'm' }))
    const { id } = await bubble('m')
    const history = await messageHistory(workspace.sql, {
      messageId: id,
      reach: reachTo([workspace.channelId]),
    })
    expect(history.versions.map(({ body }) => body)).toEqual(['Helo', 'Hello', 'Hello there'])
    expect(history.versions.at(-1)?.content).toEqual({ kind: 'text', text: 'Hello there' })
    expect(history.revokedAt).not.toBeNull()
    expect(messageHistory(workspace.sql, { messageId: id, reach: reachTo([]) })).rejects.toThrow(
      'no such message',
    )
  })

  test('gives the message new words, keeps the old ones, and is nothing new to read', async () => {
    await receive(message('first', 'text', { body: 'Helo' }), message('last', 'text', { body: 'Bye' }))
    await receive(edit('e1', 'first', 'Hello'), edit('e2', 'first', 'Hello there'))
    expect(await bubble('first')).toMatchObject({
      body: 'Helo',
      edit: { body: 'Hello there', content: { kind: 'text', text: 'Hello there' } },
    })
    expect(await conversation()).toEqual({ unreadCount: 2, lastWamid: 'last' })
    const changed = (await events()).filter((event) => event.type === 'message.changed')
    expect(changed.map((event) => event.message.edit?.body)).toEqual(['Hello', 'Hello there'])
  })

  test('that comes before an older one, or before its message, still wins', async () => {
    const original = message('m', 'text', { body: 'one' })
    const [older, newer] = [edit('e1', 'm', 'two'), edit('e2', 'm', 'three')]
    await receive(newer)
    expect(await conversation()).toEqual({ unreadCount: 0, lastWamid: 'e2' })
    await receive(older, original)
    expect((await bubble('m')).edit?.body).toBe('three')
    expect(await conversation()).toEqual({ unreadCount: 1, lastWamid: 'm' })
  })

  test('of a message that somebody else sent changes nothing', async () => {
    await receive(message('mine', 'text', { body: 'Mine' }))
    const forged = message(
      'forged',
      'edit',
      { original_message_id: 'mine', message: { type: 'text', text: { body: 'Forged' } } },
      '4915550100176',
    )
    await receive(forged)
    expect((await bubble('mine')).edit).toBeNull()
  })
})

test('a revocation marks its message, and the words stay in the history', async () => {
  await receive(message('m', 'text', { body: 'Oops' }), message('r', 'revoke', { original_message_id: 'm' }))
  expect(await bubble('m')).toMatchObject({ body: 'Oops', revokedAt: expect.any(String) })
  const last = (await events()).at(-1)
  expect(last).toMatchObject({ type: 'message.changed', conversation: { lastMessage: { isRevoked: true } } })
})

test('a customer who changes the number keeps the thread', async () => {
  await receive(message('before', 'text', { body: 'Hi' }))
  await receive(
    delivery({
      messages: [
        {
          from: CUSTOMER,
          id: 'changed',
          timestamp: String(second++),
          type: 'system',
          system: {
            body: 'User changed',
            type: 'user_changed_number',
            wa_id: '12195555358',
            user_id: 'US.1',
          },
        },
      ],
    }),
    message('after', 'text', { body: 'It is still me' }, '12195555358'),
  )
  const rows =
    await workspace.sql`select count(*)::int as messages, count(distinct conversation_id)::int as threads from messages`
  expect(rows[0]).toEqual({ messages: 3, threads: 1 })
  expect([...(await workspace.sql`select phone from contacts`)]).toEqual([{ phone: '12195555358' }])
  expect(await workspace.sql`select 1 from contact_identities`).toHaveLength(3)
})

test('the medium that the history kept a place for takes that place, once', async () => {
  const history = (messages: Delivery[]) =>
    delivery({ history: [{ metadata: { phase: 0 }, threads: [{ id: CUSTOMER, messages }] }] }, 'history')
  const medium = delivery(
    {
      messages: [
        {
          from: CUSTOMER,
          id: 'h1',
          timestamp: '1739230970',
          type: 'image',
          image: { id: '7', caption: 'Sofa' },
        },
      ],
    },
    'history',
  )
  await receive(
    history([
      {
        from: CUSTOMER,
        id: 'h1',
        timestamp: '1739230970',
        type: 'media_placeholder',
        history_context: { status: 'READ' },
      },
    ]),
  )
  await receive(medium, medium)
  expect(await bubble('h1')).toMatchObject({ type: 'image', body: 'Sofa', content: { mediaId: '7' } })
  expect(await conversation()).toEqual({ unreadCount: 0, lastWamid: 'h1' })
  expect((await events()).map((event) => event.type)).toEqual(['message.added', 'message.changed'])
})

test('history brings ours with the status it had, and nothing of it is late or unread', async () => {
  await receive(
    delivery(
      {
        history: [
          {
            threads: [
              {
                id: CUSTOMER,
                messages: [
                  {
                    from: '15550783881',
                    id: 'ours',
                    timestamp: '1739230955',
                    type: 'text',
                    text: { body: 'Hi' },
                    history_context: { status: 'READ' },
                  },
                ],
              },
            ],
          },
        ],
      },
      'history',
    ),
  )
  expect(await bubble('ours')).toMatchObject({ direction: 'out', status: 'read', isLate: false })
})

test('numbers of Brazil, Mexico and Argentina find their contact with and without the extra digit', async () => {
  const pairs = [
    ['5511955550123', '551155550123'],
    ['5215555550142', '525555550142'],
    ['5491155550199', '541155550199'],
  ]
  for (const [index, [a = '', b = '']] of pairs.entries()) {
    await receive(textDelivery(`a${index}`, 'x', a), textDelivery(`b${index}`, 'y', b))
  }
  expect(await workspace.sql`select 1 from contacts`).toHaveLength(3)
})

test('a message of a group stands in the thread of the group, with its author', async () => {
  await receive(
    delivery({
      contacts: [{ profile: { name: 'Lena' }, wa_id: '4915550100176' }],
      messages: [
        {
          from: '4915550100176',
          group_id: 'group-1',
          id: 'g1',
          timestamp: seconds(new Date()),
          type: 'text',
          text: { body: 'Hi all' },
        },
        {
          from: '16505551234',
          group_id: 'group-1',
          id: 'g2',
          timestamp: seconds(new Date()),
          type: 'text',
          text: { body: 'Hi Lena' },
        },
      ],
    }),
  )
  const first = await bubble('g1')
  await receive(textDelivery('private', 'Only for you', '4915550100176'))
  expect(first.authorName).toBe('Lena')
  expect((await bubble('g2')).conversationId).toBe(first.conversationId)
  expect((await bubble('private')).conversationId).not.toBe(first.conversationId)
})

test('contacts are matched to messages by identity, not by place', async () => {
  await receive(
    delivery({
      contacts: [
        { profile: { name: 'Second' }, wa_id: '4915550100002' },
        { profile: { name: 'First', username: 'first' }, user_id: 'US.111', wa_id: '' },
      ],
      messages: [
        {
          from_user_id: 'US.111',
          id: 'm1',
          timestamp: '1750000000',
          type: 'text',
          text: { body: 'no phone' },
        },
        { from: '4915550100002', id: 'm2', timestamp: '1750000000', type: 'text', text: { body: 'phone' } },
      ],
    }),
  )
  const rows = await workspace.sql`
    select m.wamid, ct.name, ct.phone, ct.username from messages m
    join conversations c on c.id = m.conversation_id join contacts ct on ct.id = c.contact_id order by m.wamid`
  expect([...rows]).toEqual([
    { wamid: 'm1', name: 'First', phone: null, username: 'first' },
    { wamid: 'm2', name: 'Second', phone: '4915550100002', username: null },
  ])
})

test('the event of an added message says exactly what reading the message and its conversation says', async () => {
  await receive(
    textDelivery('plain', 'Hi'),
    message(
      'picture',
      'image',
      { id: '7', mime_type: 'image/jpeg', caption: 'x'.repeat(500) },
      '4915550100001',
    ),
    message('strange', 'from_tomorrow', { a: [1, null, 'ü'] }, '4915550100002'),
    delivery({
      contacts: [{ profile: { name: 'Lena' }, wa_id: '4915550100176' }],
      messages: [
        {
          from: '4915550100176',
          group_id: 'g',
          id: 'grouped',
          timestamp: '1750000000',
          type: 'text',
          text: { body: 'Hi all' },
        },
      ],
    }),
    delivery(
      {
        message_echoes: [
          {
            from: '15550783881',
            to: '4915550100003',
            id: 'echo',
            timestamp: '1750000000',
            type: 'text',
            text: { body: 'Ours' },
          },
        ],
      },
      'smb_message_echoes',
    ),
  )
  const added = (await events()).flatMap((event) => (event.type === 'message.added' ? [event] : []))
  expect(added).toHaveLength(5)
  for (const { message: told, conversation: toldConversation } of added) {
    expect(await messagesById(workspace.sql, [told.id])).toEqual([told])
    expect(await conversationsById(workspace.sql, [told.conversationId])).toEqual([toldConversation])
  }
})
