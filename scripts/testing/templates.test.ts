import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { MediaSnapshot, TemplateSnapshot } from '../../server/inbox/snapshot.ts'
import { post, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import type { OutgoingTemplate } from '../../server/whatsapp/outgoingContent.ts'
import { seededChance } from '../simulate/chance.ts'
import { drawPicture } from '../simulate/media/picture.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

const CUSTOMER = '16505551234'

let stack: Stack
let ana: SignedIn
let conversationId: string
let templates: TemplateSnapshot[]
let channelId: string

beforeAll(async () => {
  stack = await startStack()
  ana = await signIn(stack.url, 'ana@demo.baton')
  await post(stack.url, textDelivery('wamid.question', 'Hello', CUSTOMER))
  const conversation = await eventually(async () => {
    const { conversations } = await ana.trpc.conversations.list.query({})
    return conversations.find((one) => one.contact.phone === CUSTOMER)
  })
  conversationId = conversation.id
  channelId = conversation.channelId
  const listed = await eventually(async () => {
    const list = await ana.trpc.templates.list.query({ channelId })
    return list.templates.length > 0 && list
  })
  templates = listed.templates
})
afterAll(async () => {
  await ana.close()
  await stack.stop()
})

/** The smallest files that are what they say. */
const FILES = {
  image: { bytes: drawPicture(seededChance(1)), filename: 'chair.png' },
  document: {
    bytes: new TextEncoder().encode('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n'),
    filename: 'invoice.pdf',
  },
}

async function upload(kind: keyof typeof FILES): Promise<string> {
  const { bytes, filename } = FILES[kind]
  const query = new URLSearchParams({ channelId, kind, filename })
  const response = await fetch(`${stack.url}/media?${query}`, {
    method: 'POST',
    headers: { cookie: ana.cookie, origin: stack.url },
    body: bytes,
  })
  const answer = (await response.json()) as { media?: MediaSnapshot; error?: string }
  if (!answer.media) throw new Error(`The upload was answered with ${response.status}: ${answer.error}`)
  return answer.media.id
}

/** The template with the examples of whoever made it. */
async function withExamples({ id, header, body, buttons }: TemplateSnapshot): Promise<OutgoingTemplate> {
  const head =
    header?.format === 'location'
      ? { latitude: 37.48, longitude: -122.14, name: 'Linden & Oak' }
      : header?.format === 'text'
        ? { text: header.variable?.example ?? '' }
        : header?.format === 'image' || header?.format === 'document'
          ? { fileId: await upload(header.format) }
          : {}
  return {
    kind: 'template',
    templateId: id,
    header: head,
    body: Object.fromEntries(body.variables.map(({ name, example }) => [name, example ?? 'x'])),
    buttons: buttons.flatMap(({ index, variable }) =>
      variable ? [{ index, value: variable.example ?? 'x' }] : [],
    ),
  }
}

test('every template of the account reaches the phone as it stands in the thread', async () => {
  // A video that is one would weigh more than this whole test.
  const sendable = templates.filter((one) => one.unusable === null && one.header?.format !== 'video')
  expect(sendable.length).toBeGreaterThan(9)
  expect(new Set(sendable.map((one) => one.header?.format ?? 'none'))).toEqual(
    new Set(['none', 'text', 'image', 'document', 'location']),
  )
  for (const template of sendable) {
    const content = await withExamples(template)
    const { message } = await ana.trpc.messages.send.mutate({
      conversationId,
      clientMessageId: Bun.randomUUIDv7(),
      content,
    })
    const sent = await eventually(
      async () => {
        const { messages } = await ana.trpc.messages.list.query({ conversationId, limit: 100 })
        const found = messages.find((one) => one.id === message.id)
        expect(found?.error).toBeNull()
        return stack.simulator.phones.log(CUSTOMER).find((row) => row.wamid === found?.wamid)
      },
      { what: `${template.name} in ${template.language} is on the phone` },
    )
    if (message.content.kind !== 'template') throw new Error('A template became something else')
    const { header, body, footer, buttons } = message.content
    const headline = header?.format === 'text' ? { header: header.text } : {}
    expect(sent.content.filled).toMatchObject({ body, ...headline, ...(footer !== null && { footer }) })
    expect(sent.content.filled).toMatchObject({ buttons: { length: buttons.length } })
  }
})

test('those that WhatsApp holds back say why, and are refused', async () => {
  const heldBack = templates.filter((one) => one.unusable !== null)
  expect(heldBack.map((one) => one.status)).toContain('PAUSED')
  for (const template of heldBack) {
    const sending = ana.trpc.messages.send.mutate({
      conversationId,
      clientMessageId: Bun.randomUUIDv7(),
      content: await withExamples(template),
    })
    expect(await sending.catch((error) => error)).toMatchObject({
      message: template.unusable,
      data: { reason: 'TEMPLATE_UNUSABLE' },
    })
  }
})

test('a picture with its caption, and a document under its name', async () => {
  const send = async (kind: keyof typeof FILES, caption: string) => {
    const content = { kind, fileId: await upload(kind), caption }
    const clientMessageId = Bun.randomUUIDv7()
    const { message } = await ana.trpc.messages.send.mutate({ conversationId, clientMessageId, content })
    return eventually(() =>
      stack.simulator.phones
        .log(CUSTOMER)
        .find((row) => row.type === kind && row.content.caption === message.body),
    )
  }
  expect((await send('image', 'The chair')).content).toMatchObject({
    id: expect.any(String),
    caption: 'The chair',
  })
  expect((await send('document', 'Your invoice')).content).toMatchObject({ filename: 'invoice.pdf' })
})
