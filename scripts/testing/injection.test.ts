import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { AnyProcedure, AnyRouter } from '@trpc/server'
import fc from 'fast-check'
import { inputOf as inputSchemaOf, isSchema, propertiesOf } from '../../server/http/rest/operation.ts'
import { appRouter } from '../../server/trpc/router.ts'
import { CANARY, SQL_PAYLOADS } from './attacks/sqlPayloads.ts'
import { AS_REST, askRest, askTrpc, PROCEDURES } from './matrix/ask.ts'
import { ROWS } from './matrix/rows.ts'
import { makeWorld, type World } from './matrix/world.ts'
import { type Stack, startStack } from './stack.ts'

/**
 * CVE-2025-21628 (Chatwoot, 9.1: blind SQL injection in the filters of conversations and contacts), CVE-2022-32211 (Rocket.Chat).
 * A text that reaches SQL as SQL breaks the statement, and that is an error of the server: so no answer may be one, nothing of the
 * other company may stand in any answer, and the canary stays empty.
 */
let stack: Stack
let world: World
let complaints: string[] = []

beforeAll(async () => {
  stack = await startStack({ hasRateLimits: false })
  world = await makeWorld(stack)
  await world.sql.unsafe(`create table ${CANARY} (how text)`)
}, 60_000)
afterAll(async () => {
  await world.close()
  await stack.stop()
})

type Ask = typeof askTrpc
const asOwner = () => ({ url: world.url, cookie: world.askers.owner.cookie })

const ENOUGH_COMPLAINTS = 10
/** Whose tries are counted whatever the settings say, since each could be a guess: the first ones are tried. */
const GUESSES = /^passwords\./

async function tryOut(path: string, input: object, ask: Ask = askTrpc): Promise<string> {
  if (complaints.length >= ENOUGH_COMPLAINTS) return 'not tried: there is enough to mend'
  const { text } = await ask(asOwner(), path, input).catch((error: Error) => ({ text: error.message }))
  // `ask` says so when the server was at fault. An input that is refused was not tried, and that is as good.
  if (/ was answered with 5\d\d/.test(text))
    complaints.push(`${path} ${JSON.stringify(input)}: ${text.slice(0, 300)}`)
  if (text.includes('TOO_MANY_REQUESTS') && !GUESSES.test(path)) complaints.push(`${path} was not tried`)
  if (text.includes('zqotherworkspacezq'))
    complaints.push(`${path} ${JSON.stringify(input)} tells of another company`)
  return text
}

async function endsWell(): Promise<void> {
  const found = complaints
  complaints = []
  expect(found).toEqual([])
  expect([...(await world.sql.unsafe(`select how from ${CANARY}`))]).toEqual([])
}

/** The input again and again, each time with one of its texts replaced. */
function* spoiled(value: unknown, payload: string): Generator<unknown> {
  if (typeof value === 'string') yield payload
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const one of spoiled(item, payload)) yield value.with(index, one)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value))
      for (const one of spoiled(item, payload)) yield { ...value, [name]: one }
  }
}

/** Every text that a procedure can be told, also those that the rows of the matrix leave out because nobody has to say them. */
function optionalTexts(path: string): object[] {
  const schema = schemas.get(path)
  if (!schema) return []
  const said = new Set(Object.keys(inputOf(path)))
  return Object.entries(propertiesOf(schema)).flatMap(([name, property]): object[] => {
    const types = isSchema(property) ? [property, ...parts(property.anyOf)] : []
    if (said.has(name)) return []
    if (types.some(({ type }) => type === 'string')) return [{ [name]: 'x' }]
    if (types.some(({ type }) => type === 'array')) return [{ [name]: ['x'] }]
    // Such as attributes: names and values.
    return types.some(({ type }) => type === 'object') ? [{ [name]: { detail: 'x' } }] : []
  })
}
const parts = (list: unknown) => (Array.isArray(list) ? list.filter(isSchema) : [])
const router: AnyRouter = appRouter
const procedures: [string, AnyProcedure][] = Object.entries(router._def.procedures)
const schemas = new Map(procedures.map(([path, procedure]) => [path, inputSchemaOf(procedure)]))

function inputOf(path: string): object {
  const row = ROWS[path]
  if (!row) throw new Error(`${path} has no row in scripts/testing/matrix/rows.ts`)
  const thing = world.askers.owner.things.open
  if (row.about === 'thing' || row.about === 'channel') return row.input(thing, world)
  if (row.about === 'workspace') return row.input(world.own, world)
  if (row.about === 'list') return row.input?.(world) ?? {}
  return row.about === 'anyone' ? (row.input ?? {}) : {}
}

const ASKED = PROCEDURES.filter((path) => ROWS[path]?.about !== 'stream')

describe('SQL in place of a text', () => {
  test('is only ever a text in what nobody has to say: every filter, search and cursor', async () => {
    const tried = new Set<string>()
    for (const path of ASKED) {
      for (const more of optionalTexts(path)) {
        tried.add(`${path} ${Object.keys(more)}`)
        for (const payload of SQL_PAYLOADS)
          for (const one of spoiled(more, payload))
            await tryOut(path, { ...inputOf(path), ...(one as object) })
      }
    }
    for (const filter of ['conversations.list before', 'conversations.list labelIds', 'audit.list actions'])
      expect(tried).toContain(filter)
    await endsWell()
  }, 60_000)

  test('is only ever a text in every input of every procedure, and as REST', async () => {
    for (const path of ASKED) {
      const ask = AS_REST.includes(path) ? [askTrpc, askRest] : [askTrpc]
      for (const [index, payload] of SQL_PAYLOADS.entries())
        for (const one of spoiled(inputOf(path), payload))
          await tryOut(path, one as object, ask[index % ask.length])
    }
    await endsWell()
  }, 120_000)

  test('finds nothing more than the words that it is made of', async () => {
    const found = async (text: string) =>
      JSON.parse(await tryOut('search.query', { text })).result.data.messages.length as number
    const premise = await tryOut('search.query', { text: 'zqopenzq' })
    expect(premise).toContain('"messages":')
    for (const text of [
      "nothingatall' or '1'='1",
      "nothingatall') or true --",
      "nothingatall':* | 'zqopenzq",
    ])
      expect([text, await found(text)]).toEqual([text, 0])
    await endsWell()
  })

  test('whatever it is: any text in any filter of the list, the search and the log', async () => {
    const anyText = fc.oneof(
      fc.constantFrom(...SQL_PAYLOADS),
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(fc.constantFrom(...SQL_PAYLOADS), { maxLength: 3 }).map((parts) => parts.join(' ')),
    )
    const anyIds = fc.option(fc.array(fc.oneof(anyText, fc.uuid()), { maxLength: 3 }), { nil: undefined })
    await fc.assert(
      fc.asyncProperty(anyText, anyText, anyIds, anyIds, async (text, other, ids, more) => {
        await tryOut('conversations.list', { before: text })
        await tryOut('conversations.list', { before: text, sort: 'window', window: 'open' })
        await tryOut('conversations.list', { channelIds: ids, labelIds: more })
        await tryOut('search.query', { text, cursor: other })
        await tryOut('search.query', { text: `${text} ${other}` })
        await tryOut('audit.list', { actions: [text], before: other })
        await tryOut('deadLetters.replayAll', { reason: text })
      }),
      { numRuns: 150 },
    )
    await endsWell()
  }, 60_000)
})
