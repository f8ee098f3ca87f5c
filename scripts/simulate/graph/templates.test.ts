import { afterAll, beforeAll, expect, test } from 'bun:test'
import { z } from 'zod'
import type { JsonObject } from '../entry.ts'
import { writeDocument } from '../media/document.ts'
import { openDesk, sheena } from '../testing/desk.ts'
import { until } from '../testing/until.ts'
import { upload } from '../testing/upload.ts'

let desk: Awaited<ReturnType<typeof openDesk>>
let invoice: string
beforeAll(async () => {
  desk = await openDesk()
  invoice = await upload(desk.simulator, writeDocument('Invoice'), 'application/pdf')
})
afterAll(() => desk.stop())

const words = (...texts: string[]): JsonObject[] => texts.map((text) => ({ type: 'text', text }))
const named = (values: Record<string, string>): JsonObject[] =>
  Object.entries(values).map(([name, text]) => ({ type: 'text', parameter_name: name, text }))
const body = (parameters: JsonObject[]): JsonObject => ({ type: 'body', parameters })
const send = (name: string, components: JsonObject[] = [], language = 'en_US', to = sheena) =>
  desk.send({ to, type: 'template', template: { name, language: { code: language }, components } })
const statusesOf = (wamid: string) => desk.receiver.statuses().filter((one) => one.id === wamid)
const shown = async (wamid: string, number = sheena) => {
  await until('it is delivered', () => statusesOf(wamid).some((one) => one.status === 'delivered'))
  return desk.simulator.phones.thread(number).find((row) => row.wamid === wamid)
}

test('named variables come in any order, and each language has its own words', async () => {
  const values = named({ day: 'martes', first_name: 'Sheena', item: 'silla' })
  const { wamid } = await send('delivery_day', [body(values)], 'es')
  const row = await shown(wamid)
  expect(row?.content).toMatchObject({
    header: 'Su entrega',
    text: 'Hola Sheena, su silla llega el martes. ¿Habrá alguien en casa?',
  })
  expect(row?.choices.map((one) => one.title)).toEqual(['Sí', 'Elegir otro día'])
})

test('a header may be a file or a place', async () => {
  const file = {
    type: 'header',
    parameters: [{ type: 'document', document: { id: invoice, filename: 'I.pdf' } }],
  }
  const row = await shown((await send('invoice_ready', [file, body(words('Jonas', '#1'))])).wamid)
  expect(row?.content).toMatchObject({ media: { kind: 'document', fileName: 'I.pdf' } })
  const place = { latitude: 52.5, longitude: 13.4, name: 'Shop', address: 'Oak 1' }
  const header = { type: 'header', parameters: [{ type: 'location', location: place }] }
  const visit = await shown((await send('visit_us', [header, body(words('Amal'))])).wamid)
  expect(visit?.content).toMatchObject({ media: { kind: 'location', text: 'Shop\nOak 1' } })
  expect(visit?.choices).toMatchObject([{ kind: 'phone', value: '+15550783881' }])
})

test('a link gets its last part, and the payload of a reply comes back with the tap', async () => {
  const parts: JsonObject[] = [
    { type: 'header', parameters: words('#2291') },
    body(words('tomorrow')),
    { type: 'button', sub_type: 'url', index: '0', parameters: words('2291') },
    {
      type: 'button',
      sub_type: 'quick_reply',
      index: '2',
      parameters: [{ type: 'payload', payload: 'away' }],
    },
  ]
  const { wamid } = await send('track_parcel', parts)
  const row = await shown(wamid)
  expect(row?.choices.map(({ kind, id, value }) => [kind, value ?? id])).toEqual([
    ['url', 'https://linden-oak.example/track/2291'],
    ['url', 'https://linden-oak.example/'],
    ['template', 'away'],
  ])
  const tap = await desk.simulator.phones.write(sheena, { type: 'choice', to: wamid, id: 'away' })
  await until('the tap arrives', () => desk.receiver.messages().some((one) => one.id === tap))
  expect(desk.receiver.messages().find((one) => one.id === tap)).toMatchObject({
    type: 'button',
    button: { payload: 'away', text: 'I will not be at home' },
    context: { id: wamid },
  })
})

const refused: [sentence: string, code: number, name: string, components: JsonObject[], language?: string][] =
  [
    ['in a language that it does not have', 132001, 'follow_up', [body(words('A'))], 'fr'],
    ['that waits for its review', 132001, 'loyalty_points', [body(words('A', '1'))]],
    ['that is paused', 132015, 'spring_sale', [body(words('20 %'))]],
    ['that is disabled', 132016, 'flash_sale', []],
    ['with a variable too many', 132000, 'follow_up', [body(words('A', 'B'))]],
    [
      'with a name that it does not have',
      132012,
      'delivery_day',
      [body(named({ first_name: 'A', item: 'B', when: 'C' }))],
    ],
    ['without the file of its header', 132012, 'invoice_ready', [body(words('A', 'B'))]],
    ['with an empty variable', 131008, 'follow_up', [body(words(''))]],
    ['with a line break in a variable', 132008, 'follow_up', [body(words('A\nB'))]],
    ['that grows too long', 132005, 'follow_up', [body(words('x'.repeat(1000)))]],
    [
      'without the last part of its link',
      131008,
      'track_parcel',
      [{ type: 'header', parameters: words('A') }, body(words('B'))],
    ],
  ]
for (const [sentence, code, name, components, language] of refused) {
  test(`a template ${sentence} is refused with ${code}`, async () => {
    const { json } = await send(name, components, language)
    expect(json.error?.code).toBe(code)
  })
}

test('a template that changes is told in the webhook, and sent or refused accordingly', async () => {
  desk.simulator.templates.change('follow_up', { status: 'PAUSED', quality: 'RED' })
  const changes = () => desk.receiver.changes().filter((one) => one.field !== 'messages')
  await until('both are told', () => changes().length === 2)
  expect(changes()).toMatchObject([
    {
      field: 'message_template_status_update',
      value: { event: 'PAUSED', message_template_name: 'follow_up' },
    },
    {
      field: 'message_template_quality_update',
      value: { previous_quality_score: 'GREEN', new_quality_score: 'RED' },
    },
  ])
  expect((await send('follow_up', [body(words('A'))])).json.error?.code).toBe(132015)
  desk.simulator.templates.change('follow_up', { status: 'APPROVED' })
  expect((await send('follow_up', [body(words('A'))])).http).toBe(200)
  desk.simulator.templates.change('order_confirmed', { category: 'MARKETING' })
  await until('the category is told', () => changes().at(-1)?.field === 'template_category_update')
  expect(changes().at(-1)?.value).toMatchObject({ previous_category: 'UTILITY', new_category: 'MARKETING' })
})

test('the list can be asked for a status, a language and some fields only', async () => {
  const page = z.object({ data: z.array(z.looseObject({ id: z.string(), name: z.string().optional() })) })
  const { apiUrl, channel } = desk.simulator
  const ask = async (query: string) => {
    const url = `${apiUrl}/${channel.businessAccountId}/message_templates?${query}`
    return page.parse(
      await (await fetch(url, { headers: { Authorization: 'Bearer demo-access-token' } })).json(),
    ).data
  }
  expect((await ask('status=DISABLED')).map((one) => one.name)).toEqual(['flash_sale'])
  expect((await ask('language=es')).map((one) => one.name)).toEqual(['delivery_day'])
  expect(Object.keys((await ask('limit=1&fields=name,status'))[0] ?? {}).sort()).toEqual([
    'id',
    'name',
    'status',
  ])
})

test('who wants no marketing gets none: 131050, until it is wanted again', async () => {
  const number = '447700900333'
  desk.simulator.phones.add('Grace Ford', number)
  const parts = [body(named({ first_name: 'Grace' }))]
  const last = (wamid: string) => statusesOf(wamid)[0]
  desk.simulator.phones.prefer(number, 'stop')
  await until('it is told', () => desk.receiver.changes().some((one) => one.field === 'user_preferences'))
  const stopped = await send('autumn_sofas', parts, 'en_US', number)
  await until('it failed', () => last(stopped.wamid)?.status === 'failed')
  expect(last(stopped.wamid)?.errors).toMatchObject([{ code: 131050 }])
  const useful = await send('rueckfrage', [body(words('Grace', '1'))], 'de', number)
  await until('a useful one arrives', () => last(useful.wamid)?.status === 'sent')
  desk.simulator.phones.prefer(number, 'resume')
  const resumed = await send('autumn_sofas', parts, 'en_US', number)
  await until('it arrives', () => last(resumed.wamid)?.status === 'sent')
})
