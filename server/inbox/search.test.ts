import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { keepSearchFresh } from '../jobs/keepSearchFresh.ts'
import { createLog } from '../log.ts'
import { delivery, seconds, textDelivery } from '../testing/delivery.ts'
import { eventually } from '../testing/eventually.ts'
import { TestOutbox } from '../testing/testOutbox.ts'
import { reachTo } from '../testing/testReach.ts'
import { addNote } from './addNote.ts'
import { excerptOf } from './excerpt.ts'
import { indexWords } from './indexWords.ts'
import { messagePage } from './messagePage.ts'
import { type SearchRequest, search } from './search.ts'
import { distinctWords, queryOf, wordsIn } from './words.ts'

let inbox: TestOutbox
let conversationId: string
const PHONE = '16505551234'
beforeAll(async () => {
  inbox = await TestOutbox.open()
  conversationId = await inbox.openConversation(PHONE)
})
afterAll(() => inbox.close())
beforeEach(async () => {
  await inbox.workspace.sql`truncate message_words, contact_words, search_progress`
})

const { random } = Math
let count = 0
const write = (text: string, wamid = `wamid.${count++}.${random()}`, phone = PHONE) =>
  inbox.receive(textDelivery(wamid, text, phone, inbox.clock))
const part = (size = 500) =>
  repeatable(inbox.workspace.sql, (tx) => indexWords(tx, inbox.workspace.workspaceId, size))
/** Works until nothing is left to do; says in how many parts. */
async function indexed(size = 500): Promise<number> {
  for (let parts = 1; ; parts++) if (!(await part(size))?.hasMore) return parts
}
async function find(text: string, given: Partial<SearchRequest> & { cursor?: string; limit?: number } = {}) {
  const { workspaceId, channelId } = inbox.workspace
  const request = { workspaceId, reach: reachTo([channelId]), text, among: 'all' as const, ...given }
  return search(inbox.workspace.sql, request, { cursor: given.cursor, limit: given.limit ?? 20 })
}
const found = async (text: string, given: Parameters<typeof find>[1] = {}) =>
  (await find(text, given)).messages.map((hit) => hit.message.body)

test('a message is found by its words and by their beginnings, whatever the accents and the case', async () => {
  await write('Der Rücksendeschein für ÁNGEL fehlt, Bestellung #4711-B')
  await indexed()
  for (const text of [
    'rucksende',
    'RÜCK angel',
    'ángel',
    '4711',
    'fehlt bestellung',
    "bestellung & ! 'fehlt",
  ])
    expect(await found(text)).toHaveLength(1)
  for (const text of ['711', 'schein', 'fehlt nicht', '!!!']) expect(await found(text)).toEqual([])
})

test('languages without spaces, and those without Latin letters, are found as well', async () => {
  await write('注文した靴が届きません')
  await write('Где мой ЗАКАЗ?')
  await write('أين طلبي؟')
  await indexed()
  expect(await found('靴')).toHaveLength(1)
  expect(await found('届き')).toHaveLength(1)
  expect(await found('заказ')).toEqual(['Где мой ЗАКАЗ?'])
  expect(await found('طلب')).toHaveLength(1)
})

test('a hit shows its context, and the thread opens around it', async () => {
  await write('needle in the middle')
  for (let index = 0; index < 5; index++) await write(`hay ${index}`)
  await indexed()
  const { messages } = await find('needle')
  const [hit] = messages
  expect(hit).toMatchObject({
    conversation: { id: conversationId },
    excerpt: { marks: [{ start: 0, end: 6 }] },
  })
  const page = await messagePage(inbox.workspace.sql, conversationId, {
    around: hit?.message.id ?? '',
    limit: 5,
  })
  expect(page).toMatchObject({ anchorId: hit?.message.id, hasNewer: true })
})

test('notes are found among all and by themselves', async () => {
  const request = { agent: inbox.agent, reach: reachTo([inbox.workspace.channelId]), conversationId }
  const note = { ...request, clientMessageId: Bun.randomUUIDv7(), text: 'zebra note', mentionIds: [] }
  await repeatable(inbox.workspace.sql, (tx) => addNote(tx, note, inbox.clock))
  await write('zebra message')
  await indexed()
  expect((await found('zebra')).toSorted()).toEqual(['zebra message', 'zebra note'])
  expect(await found('zebra', { among: 'notes' })).toEqual(['zebra note'])
  expect(await found('zebra', { among: 'messages' })).toEqual(['zebra message'])
})

test('a contact is found by name and by any end of the number', async () => {
  await indexed()
  for (const text of ['sheena', 'NELSON she', '1234', '+1 650-555', '5551234']) {
    const { conversations } = await find(text, { among: 'contacts' })
    expect(conversations.map((conversation) => conversation.id)).toEqual([conversationId])
  }
  expect((await find('nobody', { among: 'contacts' })).conversations).toEqual([])
})

test('nothing is found outside the channels of whoever asks', async () => {
  await write('secret pelican')
  await indexed()
  expect(await found('pelican')).toHaveLength(1)
  const blind = await find('pelican', { reach: reachTo([]) })
  expect(blind).toMatchObject({ messages: [], conversations: [] })
  expect((await find('sheena', { reach: reachTo([]) })).conversations).toEqual([])
})

test('what was edited is found by its new words only, what was taken back not at all', async () => {
  const change = (type: string, part: object) => {
    const head = { from: PHONE, id: `wamid.${count++}.${random()}`, timestamp: seconds(inbox.clock), type }
    return inbox.receive(delivery({ messages: [{ ...head, [type]: part }] }))
  }
  await write('I want the gren one', 'wamid.edited')
  await write('my pasword is swordfish', 'wamid.revoked')
  await indexed()
  expect(await found('gren')).toHaveLength(1)
  await change('edit', {
    original_message_id: 'wamid.edited',
    message: { context: { id: 'M0' }, type: 'text', text: { body: 'I want the turquoise one' } },
  })
  await change('revoke', { original_message_id: 'wamid.revoked' })
  await indexed()
  expect(await found('gren')).toEqual([])
  const [hit] = (await find('turquoise')).messages
  expect(hit?.excerpt.text).toBe('I want the turquoise one')
  expect(await found('swordfish')).toEqual([])
})

test('pages of hits meet without a gap or a double, newest first', async () => {
  for (let index = 0; index < 7; index++) await write(`walrus ${index}`)
  await indexed()
  const whole = await found('walrus')
  expect(whole).toHaveLength(7)
  const seen: (string | null)[] = []
  let cursor: string | null | undefined
  do {
    const page = await find('walrus', { limit: 3, ...(cursor && { cursor }) })
    seen.push(...page.messages.map((hit) => hit.message.body))
    cursor = page.nextCursor
  } while (cursor)
  expect(seen).toEqual(whole)
})

test('what was there before is gone through once; what comes meanwhile is not missed', async () => {
  await write('before the index')
  expect((await part(1))?.hasMore).toBe(true)
  await write('during the index')
  expect(await found('index')).toEqual([])
  expect((await find('index')).isBehind).toBe(true)
  expect(await indexed(1)).toBeGreaterThan(3)
  await write('after the index')
  await indexed()
  expect((await found('index')).toSorted()).toEqual([
    'after the index',
    'before the index',
    'during the index',
  ])
  expect((await find('index')).isBehind).toBe(false)
})

test('two processes at once do each part once, and doing it all again changes nothing', async () => {
  await indexed()
  for (let index = 0; index < 20; index++) await write(`ferret ${index}`)
  const { sql } = inbox.workspace
  await Promise.all([indexed(3), indexed(3), indexed(3)])
  await indexed()
  expect(await found('ferret', { limit: 50 })).toHaveLength(20)
  const rows = () => sql`select message_id, words::text, xmin::text from message_words order by message_id`
  const before = await rows()
  await sql`update search_progress set seq = 0, messages_after = null`
  await indexed()
  expect([...(await rows())]).toEqual([...before])
})

test('an event log that was cut off above the cursor loses nothing', async () => {
  await indexed()
  await write('cut off ocelot')
  await write('kept ocelot')
  const { sql } = inbox.workspace
  await sql`delete from events where seq < (select max(seq) from events)`
  await indexed()
  expect((await found('ocelot')).toSorted()).toEqual(['cut off ocelot', 'kept ocelot'])
})

test('the words follow by themselves while the inbox runs', async () => {
  const leaving = new AbortController()
  const bell = { ring: () => {}, listen: () => () => {}, close: () => {} }
  const log = createLog({ level: 'silent', name: 'test' })
  const running = keepSearchFresh({ sql: inbox.workspace.sql, bell, log }, leaving.signal)
  await write('narwhal')
  await eventually(async () => (await found('narwhal')).length === 1, { withinMs: 20_000 })
  leaving.abort()
  await running
})

test('an excerpt begins before its first hit, ends at a word and marks what was found', () => {
  const text = `${'Lorem ipsum dolor '.repeat(20)}the Café is here ${'and on it goes '.repeat(30)}`
  const excerpt = excerptOf(text, ['cafe'])
  expect(excerpt).toMatchObject({ isCutBefore: true, isCutAfter: true })
  expect(excerpt.text.length).toBeLessThanOrEqual(200)
  const [mark] = excerpt.marks
  expect(excerpt.text.slice(mark?.start, mark?.end)).toBe('Café')
  expect(excerptOf('short', ['x'])).toEqual({
    text: 'short',
    marks: [],
    isCutBefore: false,
    isCutAfter: false,
  })
  expect(excerptOf('x'.repeat(500), ['x']).text).toHaveLength(200)
})

test('words are cut out of a text, and what is no word does no harm in a query', () => {
  expect(wordsIn('Hé, 靴!').map(({ word, start, end }) => [word, start, end])).toEqual([
    ['he', 0, 2],
    ['靴', 4, 5],
  ])
  expect(distinctWords('a A á', null, 'b')).toEqual(['a', 'b'])
  expect(queryOf(["o'neill\\"])).toBe("'o''neill\\\\':*")
  expect(queryOf([])).toBeNull()
})
