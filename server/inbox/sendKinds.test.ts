import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { persist } from '../ingest/persist.ts'
import { textDelivery } from '../testing/delivery.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { Json } from '../whatsapp/content.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import type { Agent } from './agent.ts'
import { messagePage } from './messagePage.ts'
import { conversationsById } from './readConversations.ts'
import { messagesById } from './readMessages.ts'
import { Refusal } from './refusal.ts'
import { type SendRequest, sendMessages } from './sendMessages.ts'
import type { MessageSnapshot } from './snapshot.ts'
import { readEvent, type StoredEvent } from './storedEvent.ts'

let workspace: TestWorkspace
let ana: Agent
let conversationId: string
let question: string
const now = new Date()

beforeAll(async () => {
  workspace = await testWorkspace()
  const { agentId: id, workspaceId, teamId } = workspace
  ana = { id, name: 'Ana', email: '', workspaceId, role: 'agent', teamIds: [teamId] }
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  await workspace.sql`
    truncate messages, message_attempts, message_reactions, events, outbox, conversations, contacts, contact_identities,
      templates, media cascade`
  const body = new TextEncoder().encode(JSON.stringify(textDelivery('wamid.question', 'Do you deliver?')))
  const items = readDelivery(body, now).map((item) => ({ ...item, streamId: '1-0', receivedAt: now, body }))
  await persist(workspace.sql, items, () => now)
  const [row] = await workspace.sql<{ id: string; conversationId: string }[]>`
    select id, conversation_id from messages`
  conversationId = row?.conversationId ?? ''
  question = row?.id ?? ''
})

type Asked = Partial<SendRequest> & Pick<SendRequest, 'content'>

function ask(requests: Asked[], at = now) {
  const base = { agent: ana, reach: reachTo([workspace.channelId]), conversationId }
  const full = requests.map((one) => ({ ...base, clientMessageId: Bun.randomUUIDv7(), ...one }))
  return repeatable(workspace.sql, (tx) => sendMessages(tx, full, at))
}

async function send(asked: Asked, at = now): Promise<MessageSnapshot> {
  const [outcome] = await ask([asked], at)
  if (outcome && 'message' in outcome) return outcome.message
  throw outcome?.refused ?? new Error('no outcome')
}

async function refusalOf(asked: Asked, at = now): Promise<Pick<Refusal, 'reason' | 'details'>> {
  const refusal = await send(asked, at).catch((error: unknown) => error)
  if (refusal instanceof Refusal) return { reason: refusal.reason, details: refusal.details }
  throw new Error('It was not refused')
}

async function addTemplate(
  components: Json,
  more: { status?: string; category?: string; account?: string } = {},
) {
  const id = Bun.randomUUIDv7()
  await workspace.sql`
    insert into templates (id, workspace_id, business_account_id, graph_id, name, language, category, status, components, synced_at)
    values (${id}, ${workspace.workspaceId}, ${more.account ?? '102290129340398'}, ${id}, ${`t_${id}`}, 'en_US',
      ${more.category ?? 'UTILITY'}, ${more.status ?? 'APPROVED'}, ${JSON.stringify(components)}::text::json, now())`
  return id
}
const HELLO: Json = [{ type: 'BODY', text: 'Hello {{1}}, may we go on here?' }]

async function addFile(kind: string, more: { state?: string; channelId?: string } = {}) {
  const id = Bun.randomUUIDv7()
  await workspace.sql`
    insert into media (id, workspace_id, channel_id, direction, kind, state, detected_type, filename, size_bytes)
    values (${id}, ${workspace.workspaceId}, ${more.channelId ?? workspace.channelId}, 'out', ${kind},
      ${more.state ?? 'stored'}, 'application/pdf', 'offer.pdf', 1234)`
  return id
}

describe('a message of any kind', () => {
  test('stands in thread, list, outbox and feed as it was told to the sender', async () => {
    const fileId = await addFile('document')
    const templateId = await addTemplate(HELLO)
    const asked: Asked[] = [
      {
        content: { kind: 'text', text: 'See https://linden.example', preview: false },
        quotedMessageId: question,
      },
      { content: { kind: 'document', fileId, caption: 'Our offer' } },
      { content: { kind: 'location', latitude: 48.1, longitude: 11.5, name: 'Shop' } },
      { content: { kind: 'contacts', cards: [{ name: 'Ben', phones: ['+49 155 501'], emails: [] }] } },
      { content: { kind: 'buttons', text: 'Today?', buttons: [{ id: 'y', title: 'Yes' }] } },
      {
        content: {
          kind: 'list',
          text: 'When?',
          button: 'Choose',
          sections: [{ title: '', rows: [{ id: 'm', title: 'Monday' }] }],
        },
      },
      { content: { kind: 'cta_url', text: 'Track it', title: 'Open', url: 'https://linden.example' } },
      { content: { kind: 'location_request', text: 'Where shall we deliver?' } },
      { content: { kind: 'template', templateId, body: { '1': 'Lena' } } },
      { content: { kind: 'reaction', messageId: question, emoji: '👍' } },
    ]
    const outcomes = await ask(asked)
    const told = outcomes.map((one) => ('message' in one ? one.message : one.refused))
    expect(told.map((one) => ('type' in one ? one.type : one.message))).toEqual([
      'text',
      'document',
      'location',
      'contacts',
      'interactive',
      'interactive',
      'interactive',
      'interactive',
      'template',
      'reaction',
    ])
    const page = await messagePage(workspace.sql, conversationId, { limit: 50 })
    expect(page.messages.slice(1)).toEqual(told as MessageSnapshot[])
    const events = await workspace.sql<{ authorId: string | null; payload: StoredEvent }[]>`
      select author_id, payload from events where payload ->> 'type' = 'message.added' order by seq`
    const added = events.slice(1).map(({ payload }) => {
      const event = readEvent(payload)
      return event.type === 'message.added' && event.message
    })
    expect(added).toEqual(told as MessageSnapshot[])
    expect(events.map((event) => event.authorId)).toEqual([null, ...Array(9).fill(ana.id), null])
    const [conversation] = await conversationsById(workspace.sql, [conversationId])
    expect(conversation?.lastMessage).toMatchObject({ type: 'reaction', body: '👍' })
    const queued = await workspace.sql`select 1 from outbox where state = 'queued'`
    expect(queued.count).toBe(10)
    const [file] = await workspace.sql<{ conversationId: string }[]>`select conversation_id from media`
    expect(file?.conversationId).toBe(conversationId)
  })

  test('that breaks a limit is refused with the field, the limit and what it is', async () => {
    const buttons = ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id }))
    expect(await refusalOf({ content: { kind: 'buttons', text: 'x', buttons } })).toEqual({
      reason: 'MESSAGE_INVALID',
      details: { field: 'buttons', problem: 'too_many', limit: 3, actual: 4 },
    })
    expect(await refusalOf({ content: { kind: 'text', text: 'x'.repeat(4097) } })).toMatchObject({
      reason: 'MESSAGE_TOO_LONG',
      details: { field: 'text', limit: 4096, actual: 4097 },
    })
  })

  test('quotes only what stands in the same conversation and WhatsApp already has', async () => {
    const content = { kind: 'text' as const, text: 'Yes' }
    const answer = await send({ content, quotedMessageId: question })
    expect(answer.context).toEqual({ quotedWamid: 'wamid.question', forwarded: null, referral: null })
    expect(await refusalOf({ content, quotedMessageId: answer.id })).toMatchObject({
      reason: 'MESSAGE_INVALID',
      details: { field: 'quotedMessageId', problem: 'not_sent_yet' },
    })
    expect(await refusalOf({ content, quotedMessageId: Bun.randomUUIDv7() })).toMatchObject({
      reason: 'NOT_FOUND',
    })
  })
})

describe('a file', () => {
  test('goes out when it is here, in this channel, and of the kind that was asked for', async () => {
    const image = await addFile('image')
    const message = await send({ content: { kind: 'image', fileId: image } })
    expect(message).toMatchObject({ content: { fileId: image }, media: { id: image, sizeBytes: 1234 } })
    const [again] = await messagesById(workspace.sql, [message.id])
    expect(again).toEqual(message)
  })

  test.each([
    ['of another kind', 'video', {}, 'MEDIA_UNUSABLE'],
    ['that is not here yet', 'image', { state: 'fetching' }, 'MEDIA_UNUSABLE'],
    ['of another channel', 'image', { channelId: Bun.randomUUIDv7() }, 'NOT_FOUND'],
  ])('%s is refused', async (_, kind, more, reason) => {
    const fileId = await addFile(kind, more)
    expect(await refusalOf({ content: { kind: 'image', fileId } })).toMatchObject({ reason })
  })
})

describe('a reaction', () => {
  test('of the business is one, whoever of the team gives it, and can be taken back', async () => {
    const reactions = async () => (await messagePage(workspace.sql, conversationId, { limit: 9 })).reactions
    await send({ content: { kind: 'reaction', messageId: question, emoji: '👍' } })
    const second = await send({ content: { kind: 'reaction', messageId: question, emoji: '❤️' } })
    expect(second.targetWamid).toBe('wamid.question')
    expect(await reactions()).toMatchObject([
      { actor: 'business', emoji: '❤️', targetWamid: 'wamid.question' },
    ])
    await send({ content: { kind: 'reaction', messageId: question, emoji: null } })
    expect(await reactions()).toEqual([])
  })

  test('to a message older than 30 days is refused', async () => {
    await workspace.sql`update messages set sent_at = sent_at - interval '31 days'`
    expect(
      await refusalOf({ content: { kind: 'reaction', messageId: question, emoji: '👍' } }),
    ).toMatchObject({
      reason: 'MESSAGE_INVALID',
      details: { problem: 'too_old' },
    })
  })
})

describe('a template', () => {
  const later = new Date(now.getTime() + 25 * 60 * 60 * 1000)

  test('passes when the window is closed, and nothing else does', async () => {
    const templateId = await addTemplate(HELLO)
    const message = await send({ content: { kind: 'template', templateId, body: { '1': 'Lena' } } }, later)
    expect(message).toMatchObject({
      body: 'Hello Lena, may we go on here?',
      content: { kind: 'template', templateId },
    })
    for (const content of [
      { kind: 'text', text: 'x' },
      { kind: 'reaction', messageId: question, emoji: '👍' },
      { kind: 'location_request', text: 'x' },
    ] as const) {
      expect(await refusalOf({ content }, later)).toMatchObject({ reason: 'WINDOW_CLOSED' })
    }
  })

  test.each([
    ['paused', { status: 'PAUSED' }, { '1': 'Lena' }, 'TEMPLATE_UNUSABLE', { problem: 'paused' }],
    ['disabled', { status: 'DISABLED' }, { '1': 'Lena' }, 'TEMPLATE_UNUSABLE', { problem: 'disabled' }],
    ['rejected', { status: 'REJECTED' }, { '1': 'Lena' }, 'TEMPLATE_UNUSABLE', { problem: 'rejected' }],
    ['not filled in', {}, {}, 'TEMPLATE_UNUSABLE', { problem: 'missing_variable', field: 'body.1' }],
    ['of another account', { account: '1' }, { '1': 'Lena' }, 'NOT_FOUND', null],
  ])('that is %s is refused, and it is said why', async (_, more, body, reason, details) => {
    const templateId = await addTemplate(HELLO, more)
    const refusal = await refusalOf({ content: { kind: 'template', templateId, body } })
    expect(refusal.reason).toBe(reason as Refusal['reason'])
    if (details) expect(refusal.details).toMatchObject(details)
  })

  test('of marketing is not sent to a contact who wants none; one of use still is', async () => {
    await workspace.sql`update contacts set opted_out_at = now(), opt_out_source = 'agent'`
    const [marketing, utility] = [
      await addTemplate(HELLO, { category: 'MARKETING' }),
      await addTemplate(HELLO),
    ]
    const content = (templateId: string) => ({ kind: 'template' as const, templateId, body: { '1': 'Lena' } })
    expect(await refusalOf({ content: content(marketing) })).toMatchObject({ reason: 'OPTED_OUT' })
    expect(await send({ content: content(utility) })).toMatchObject({ status: 'queued' })
  })

  test('with a file at its head takes one that is here', async () => {
    const templateId = await addTemplate([{ type: 'HEADER', format: 'DOCUMENT' }, ...(HELLO as Json[])])
    const fileId = await addFile('document')
    const content = { kind: 'template' as const, templateId, body: { '1': 'Lena' } }
    expect(await refusalOf({ content })).toMatchObject({ details: { problem: 'wrong_header' } })
    const message = await send({ content: { ...content, header: { fileId } } })
    expect(message).toMatchObject({
      media: { id: fileId },
      content: { header: { fileId, filename: 'offer.pdf' } },
    })
  })
})
