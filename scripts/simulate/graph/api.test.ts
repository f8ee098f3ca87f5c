import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { JsonObject } from '../entry.ts'
import { openDesk, send, sheena, text } from '../testing/desk.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
const headers = { Authorization: 'Bearer demo-access-token' }
beforeAll(async () => {
  desk = await openDesk()
})
afterAll(() => desk.stop())

const get = async (path: string) => {
  const answer = await fetch(`${desk.simulator.apiUrl}/${path}`, { headers })
  return { http: answer.status, json: (await answer.json()) as JsonObject }
}

test('a wrong token is refused as Meta refuses it', async () => {
  const { http, json } = await send(desk.simulator, text('Hello'), 'wrong')
  expect(http).toBe(401)
  expect(json.error).toEqual({
    message: 'Invalid OAuth access token - Cannot parse access token',
    type: 'OAuthException',
    code: 190,
    fbtrace_id: expect.stringMatching(/^A[\w-]{22}$/),
  })
})

test('an unknown phone number id is an unknown object', async () => {
  const { http, json } = await get('999')
  expect(http).toBe(400)
  expect(json.error).toMatchObject({ code: 100, error_subcode: 33, type: 'GraphMethodException' })
})

const refusals: [sentence: string, body: JsonObject, http: number, code: number][] = [
  ['a message without a recipient', { type: 'text', text: { body: 'Hello' } }, 400, 100],
  ['a recipient that is no number', { to: 'Sheena', type: 'text', text: { body: 'Hello' } }, 400, 131009],
  [
    'the business itself as recipient',
    { to: '15550783881', type: 'text', text: { body: 'Hello' } },
    400,
    131021,
  ],
  ['a text of 4097 characters', text('x'.repeat(4097)), 400, 100],
  ['a text without its object', { to: sheena, type: 'text' }, 400, 131008],
  ['a text without a body', { to: sheena, type: 'text', text: {} }, 400, 131008],
  ['an image without id or link', { to: sheena, type: 'image', image: {} }, 400, 131008],
  ['an unknown media id', { to: sheena, type: 'image', image: { id: '42' } }, 400, 131009],
  ['a type that nobody knows', { to: sheena, type: 'telegram', telegram: {} }, 400, 131051],
  ['an unknown template', { to: sheena, type: 'template', template: templateCall('nope') }, 404, 132001],
  [
    'a template without its parameter',
    { to: sheena, type: 'template', template: templateCall('follow_up') },
    400,
    132000,
  ],
]
for (const [sentence, body, http, code] of refusals) {
  test(`${sentence} is refused with ${code}`, async () => {
    const answer = await desk.send(body)
    expect({ http: answer.http, code: answer.json.error?.code }).toEqual({ http, code })
    expect(answer.json.error).toMatchObject({
      message: expect.stringContaining(`(#${code}) `),
      type: 'OAuthException',
      error_data: { messaging_product: 'whatsapp', details: expect.any(String) },
    })
  })
}

test('an uploaded file can be described, fetched, sent and deleted', async () => {
  const form = new FormData()
  form.set('messaging_product', 'whatsapp')
  form.set('file', new File(['%PDF-1.4'], 'invoice.pdf', { type: 'application/pdf' }))
  const url = `${desk.simulator.apiUrl}/${desk.simulator.channel.phoneNumberId}/media`
  const { id } = (await (await fetch(url, { method: 'POST', headers, body: form })).json()) as { id: string }
  const { json } = await get(id)
  expect(json).toMatchObject({ mime_type: 'application/pdf', file_size: '8', messaging_product: 'whatsapp' })
  expect(await (await fetch(String(json.url), { headers })).text()).toBe('%PDF-1.4')
  expect(
    (await desk.send({ to: sheena, type: 'document', document: { id, filename: 'invoice.pdf' } })).http,
  ).toBe(200)
  await fetch(`${desk.simulator.apiUrl}/${id}`, { method: 'DELETE', headers })
  expect((await get(id)).http).toBe(400)
})

test('templates come in pages until there is no next', async () => {
  const names: unknown[] = []
  let next: string | undefined =
    `${desk.simulator.apiUrl}/${desk.simulator.channel.businessAccountId}/message_templates?limit=4`
  while (next !== undefined) {
    const page = (await (await fetch(next, { headers })).json()) as {
      data: { name: string }[]
      paging?: { next?: string }
    }
    names.push(...page.data.map((template) => template.name))
    next = page.paging?.next
  }
  expect(names).toEqual(desk.simulator.templates.list().map((template) => template.name))
  expect(names.length).toBeGreaterThan(3 * 4)
})

function templateCall(name: string): JsonObject {
  return { name, language: { code: 'en_US' } }
}
