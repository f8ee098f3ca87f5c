import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { delivery, post, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { oneToken } from '../../server/whatsapp/accessToken.ts'
import { createTemplateSource } from '../../server/whatsapp/graphTemplates.ts'
import type { OutgoingContent } from '../../server/whatsapp/outgoingContent.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

const CUSTOMER = '16505551234'
const YESTERDAY = new Date(Date.now() - 25 * 60 * 60 * 1000)

let stack: Stack
let ana: SignedIn
let conversationId: string
let channelId: string

beforeAll(async () => {
  stack = await startStack()
  ana = await signIn(stack.url, 'ana@demo.baton')
  const conversation = await conversationOf(CUSTOMER, 'wamid.question', new Date())
  conversationId = conversation.id
  channelId = conversation.channelId
  await eventually(async () => (await ana.trpc.templates.list.query({ channelId })).templates.length > 0)
})
afterAll(async () => {
  await ana.close()
  await stack.stop()
})

/** The conversation with a customer who has written a text. */
async function conversationOf(phone: string, wamid: string, sentAt: Date) {
  await post(stack.url, textDelivery(wamid, 'Is the sofa still there?', phone, sentAt))
  return eventually(async () => {
    const { conversations } = await ana.trpc.conversations.list.query({})
    return conversations.find((one) => one.contact.phone === phone)
  })
}

const send = (content: OutgoingContent, more: { conversationId?: string; quotedMessageId?: string } = {}) =>
  ana.trpc.messages.send.mutate({ conversationId, clientMessageId: Bun.randomUUIDv7(), content, ...more })

/** What the customer's phone was given for this message. */
function received(message: { id: string; wamid: string | null }, phone = CUSTOMER) {
  return eventually(async () => {
    const { messages } = await ana.trpc.messages.list.query({ conversationId, limit: 200 })
    const wamid = message.wamid ?? messages.find((one) => one.id === message.id)?.wamid
    return stack.simulator.phones.log(phone).find((row) => row.wamid === wamid)
  })
}

async function templateNamed(name: string, language = 'en_US') {
  const { templates } = await ana.trpc.templates.list.query({ channelId })
  const template = templates.find((one) => one.name === name && one.language === language)
  if (!template) throw new Error(`There is no template ${name}`)
  return template
}

describe('a message of each kind reaches the customer as it was composed', () => {
  const frame = { header: 'Linden & Oak', footer: 'Your shop' }
  const kinds: [string, OutgoingContent, string, object][] = [
    [
      'text',
      { kind: 'text', text: 'See https://a.example' },
      'text',
      { body: 'See https://a.example', preview_url: true },
    ],
    [
      'text without a preview',
      { kind: 'text', text: 'x', preview: false },
      'text',
      { body: 'x', preview_url: false },
    ],
    [
      'location',
      { kind: 'location', latitude: 48.1, longitude: 11.5, name: 'Shop' },
      'location',
      { latitude: 48.1, longitude: 11.5, name: 'Shop' },
    ],
    [
      'contact card',
      { kind: 'contacts', cards: [{ name: 'Ben Oak', phones: ['+49 155 501'], emails: ['b@a.example'] }] },
      'contacts',
      {
        contacts: [
          { name: { formatted_name: 'Ben Oak', first_name: 'Ben Oak' }, phones: [{ phone: '+49 155 501' }] },
        ],
      },
    ],
    [
      'buttons',
      { kind: 'buttons', text: 'Today?', ...frame, buttons: [{ id: 'y', title: 'Yes' }] },
      'interactive',
      {
        type: 'button',
        header: { type: 'text', text: 'Linden & Oak' },
        body: { text: 'Today?' },
        footer: { text: 'Your shop' },
        action: { buttons: [{ type: 'reply', reply: { id: 'y', title: 'Yes' } }] },
      },
    ],
    [
      'list',
      {
        kind: 'list',
        text: 'When?',
        button: 'Choose',
        sections: [{ title: 'Days', rows: [{ id: 'm', title: 'Monday', description: 'Morning' }] }],
      },
      'interactive',
      {
        type: 'list',
        action: {
          button: 'Choose',
          sections: [{ title: 'Days', rows: [{ id: 'm', title: 'Monday', description: 'Morning' }] }],
        },
      },
    ],
    [
      'link',
      { kind: 'cta_url', text: 'Track it', title: 'Open', url: 'https://a.example/t' },
      'interactive',
      {
        type: 'cta_url',
        action: { name: 'cta_url', parameters: { display_text: 'Open', url: 'https://a.example/t' } },
      },
    ],
    [
      'location request',
      { kind: 'location_request', text: 'Where to?' },
      'interactive',
      { type: 'location_request_message', body: { text: 'Where to?' }, action: { name: 'send_location' } },
    ],
  ]
  test.each(kinds)('%s', async (_, content, type, payload) => {
    const { message } = await send(content)
    const row = await received(message)
    expect(row.type).toBe(type)
    expect(row.content).toMatchObject(payload)
  })

  test('a quoted reply, a reaction, and the reaction taken back', async () => {
    const { messages } = await ana.trpc.messages.list.query({ conversationId })
    const question = messages.find((one) => one.wamid === 'wamid.question')
    if (!question) throw new Error('The question is not in the thread')
    const { message } = await send({ kind: 'text', text: 'Yes' }, { quotedMessageId: question.id })
    expect(await received(message)).toMatchObject({ contextId: 'wamid.question' })
    for (const [emoji, sent] of [
      ['👍', '👍'],
      [null, ''],
    ] as const) {
      const { message: reaction } = await ana.trpc.messages.react.mutate({ messageId: question.id, emoji })
      const row = await received(reaction)
      expect(row).toMatchObject({ type: 'reaction', content: { message_id: 'wamid.question', emoji: sent } })
    }
    const page = await ana.trpc.messages.list.query({ conversationId })
    expect(page.reactions.filter((one) => one.targetWamid === 'wamid.question')).toEqual([])
  })

  test('a template is the same in the thread and on the phone, with positional and with named places', async () => {
    const positional = await templateNamed('order_confirmed')
    const { message } = await send({
      kind: 'template',
      templateId: positional.id,
      body: { '1': 'Lena', '2': '#2304' },
    })
    const filled = (await received(message)).content.filled
    expect(filled).toMatchObject({ body: message.body, footer: 'Linden & Oak' })
    expect(message.body).toContain('Hello Lena, your order #2304')

    const named = await templateNamed('delivery_day')
    const { message: second } = await send({
      kind: 'template',
      templateId: named.id,
      body: { first_name: 'Mateo', item: 'oak table', day: 'Friday' },
    })
    expect((await received(second)).content.filled).toMatchObject({
      header: 'Your delivery',
      body: second.body,
    })
    expect(second.content).toMatchObject({ buttons: [{ text: 'Yes' }, { text: 'Choose another day' }] })
  })
})

describe('when the window is closed', () => {
  test('a template goes out and free text is refused', async () => {
    const late = await conversationOf('4915550100077', 'wamid.late', YESTERDAY)
    const there = { conversationId: late.id }
    expect(await send({ kind: 'text', text: 'Hello?' }, there).catch((error) => error.data)).toMatchObject({
      reason: 'WINDOW_CLOSED',
    })
    const template = await templateNamed('follow_up')
    await send({ kind: 'template', templateId: template.id, body: { '1': 'Lena' } }, there)
    await eventually(() => stack.simulator.phones.log('4915550100077').find((row) => row.type === 'template'))
  })
})

describe('a customer who writes STOP', () => {
  test('gets no marketing any more, and everything else', async () => {
    const { phones } = stack.simulator
    const [phone] = phones.list()
    await phones.write(phone?.number ?? '', { type: 'text', text: 'stop' })
    const conversation = await eventually(async () => {
      const { conversations } = await ana.trpc.conversations.list.query({})
      return conversations.find(
        (one) => one.contact.phone === phone?.number && one.contact.optedOutAt !== null,
      )
    })
    const there = { conversationId: conversation.id }
    const marketing = await templateNamed('autumn_sofas')
    const content = { kind: 'template' as const, templateId: marketing.id, body: { first_name: 'Priya' } }
    expect(await send(content, there).catch((error) => error.data)).toMatchObject({ reason: 'OPTED_OUT' })
    await send({ kind: 'text', text: 'You will hear no more of our offers.' }, there)
    const { contact } = await ana.trpc.contacts.setOptOut.mutate({
      contactId: conversation.contact.id,
      isOptedOut: false,
    })
    expect(contact.optedOutAt).toBeNull()
    await send(content, there)
  })
})

describe('blue ticks', () => {
  const wroteTo = async (text: string) => {
    const { phones } = stack.simulator
    const number = phones.list()[1]?.number ?? ''
    const wamid = await phones.write(number, { type: 'text', text })
    const conversation = await eventually(async () => {
      const { conversations } = await ana.trpc.conversations.list.query({})
      return conversations.find((one) => one.contact.phone === number && one.lastMessage?.body === text)
    })
    const isRead = () => phones.thread(number).find((row) => row.wamid === wamid)?.progress === 'read'
    return { conversationId: conversation.id, isRead }
  }

  test('come when the conversation is opened, or with the answer, as the channel is set', async () => {
    const first = await wroteTo('Anybody there?')
    await ana.trpc.conversations.markRead.mutate({ conversationId: first.conversationId })
    await eventually(first.isRead)

    const carla = await signIn(stack.url, 'carla@demo.baton')
    const set = (readReceipts: 'when_answered' | 'when_opened') =>
      carla.trpc.channels.update.mutate({ channelId, readReceipts })
    expect((await set('when_answered')).channel.readReceipts).toBe('when_answered')
    const second = await wroteTo('And now?')
    await ana.trpc.conversations.markRead.mutate({ conversationId: second.conversationId })
    const { conversations } = await ana.trpc.conversations.list.query({})
    expect(conversations.find((one) => one.id === second.conversationId)?.unreadCount).toBe(0)
    await send({ kind: 'text', text: 'Now!' }, { conversationId: second.conversationId })
    await eventually(second.isRead)
    await set('when_opened')
    await carla.close()
  })
})

describe('a number that never wrote', () => {
  test('is written to with a template, and its answer comes into the same conversation', async () => {
    const template = await templateNamed('follow_up')
    const { conversation } = await ana.trpc.conversations.start.mutate({
      channelId,
      phone: '+49 155 501 00099',
      name: 'Nadia',
      clientMessageId: Bun.randomUUIDv7(),
      content: { kind: 'template', templateId: template.id, body: { '1': 'Nadia' } },
    })
    expect(conversation).toMatchObject({
      contact: { name: 'Nadia', phone: '4915550100099' },
      windowClosesAt: null,
    })
    await eventually(() => stack.simulator.phones.log('4915550100099').length === 1)
    const answered = await conversationOf('4915550100099', 'wamid.answer', new Date())
    await eventually(async () => {
      const { conversations } = await ana.trpc.conversations.list.query({})
      return conversations.find((one) => one.id === conversation.id)?.windowClosesAt
    })
    expect(answered.id).toBe(conversation.id)
  })
})

describe('templates', () => {
  test('come from the account page by page', async () => {
    const { apiUrl, channel } = stack.simulator
    const { businessAccountId } = channel
    const tokenOf = oneToken(channel.accessToken)
    const all = await createTemplateSource({ apiUrl, tokenOf }).list(businessAccountId)
    const paged = await createTemplateSource({ apiUrl, tokenOf, pageSize: 2 }).list(businessAccountId)
    expect(all.length).toBeGreaterThan(4)
    expect(paged).toEqual(all)
  })

  test('that a webhook pauses are refused at once, until another one brings them back', async () => {
    const template = await templateNamed('rueckfrage', 'de')
    const content = { kind: 'template' as const, templateId: template.id, body: { '1': 'Lena', '2': '#1' } }
    const [row] = (
      await createTemplateSource(access()).list(stack.simulator.channel.businessAccountId)
    ).filter((one) => one.name === 'rueckfrage')
    // Again and again: the list of the account, which knows nothing of the pause, may be fetched in between.
    await eventually(async () => {
      await hear('PAUSED', row?.graphId ?? '')
      await eventually(async () => (await templateNamed('rueckfrage', 'de')).unusable, { withinMs: 1000 })
      expect(await send(content).catch((error) => error.data)).toMatchObject({
        reason: 'TEMPLATE_UNUSABLE',
        details: { problem: 'paused', template: 'rueckfrage' },
      })
      return true
    })
    await hear('REINSTATED', row?.graphId ?? '')
    await eventually(async () => (await templateNamed('rueckfrage', 'de')).unusable === null)
    await send(content)
  })

  test('are fetched on demand, by administrators only', async () => {
    const carla = await signIn(stack.url, 'carla@demo.baton')
    expect(await carla.trpc.templates.sync.mutate({ channelId })).toMatchObject({
      templates: expect.any(Number),
    })
    expect(await ana.trpc.templates.sync.mutate({ channelId }).catch((error) => error.data)).toMatchObject({
      reason: 'FORBIDDEN',
    })
    await carla.close()
  })
})

const access = () => ({
  apiUrl: stack.simulator.apiUrl,
  tokenOf: oneToken(stack.simulator.channel.accessToken),
})

function hear(event: string, templateId: string) {
  const value = {
    event,
    message_template_id: Number(templateId),
    reason: 'NONE',
    nonce: Bun.randomUUIDv7(),
  }
  return post(stack.url, delivery(value, 'message_template_status_update'))
}
