import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { NEEDS } from '../../server/trpc/needs.ts'
import { type Answer, AS_REST, askRest, askRoute, askTrpc, type Outcome, PROCEDURES } from './matrix/ask.ts'
import { CHANNELS, MAY, VISIBLE } from './matrix/expected.ts'
import { ROWS, type Row } from './matrix/rows.ts'
import {
  type Asker,
  makeWorld,
  ROLES,
  type RoleOfMatrix,
  TARGETS,
  type Target,
  type World,
} from './matrix/world.ts'
import { type Stack, startStack } from './stack.ts'

let stack: Stack
let world: World

beforeAll(async () => {
  stack = await startStack({ hasRateLimits: false })
  world = await makeWorld(stack)
}, 60_000)
afterAll(async () => {
  await world.close()
  await stack.stop()
})

type Ask = (path: string, input: object) => Promise<Answer>
const rowOf = (path: string): Row => {
  const row = ROWS[path]
  if (!row) throw new Error(`${path} has no row in scripts/testing/matrix/rows.ts`)
  return row
}
const asks = (cookie: string | null): { tRPC: Ask; REST: Ask } => ({
  tRPC: (path, input) => askTrpc({ url: world.url, cookie }, path, input),
  REST: (path, input) => askRest({ url: world.url, cookie }, path, input),
})

/** What nobody may be told by any answer: the words of a conversation that is not theirs. */
function leaksIn(text: string, role: RoleOfMatrix, asker: Asker): Target[] {
  const hidden = TARGETS.filter((target) => !VISIBLE[role].includes(target))
  const foreign = hidden.filter((target) => text.includes(asker.things[target].marker))
  const ofOthers = ROLES.some((one) => one !== role && text.includes(world.askers[one].things.mine.marker))
  return ofOthers && !VISIBLE[role].includes('theirs') ? [...foreign, 'theirs'] : foreign
}

const seenOf = (row: Row, role: RoleOfMatrix) => (row.about === 'channel' ? CHANNELS[role] : VISIBLE[role])

/** Tries one procedure as one role, and says where the outcome is not what the tables promise. */
async function flawsOf(path: string, role: RoleOfMatrix, ask: Ask): Promise<string[]> {
  const row = rowOf(path)
  if (row.about === 'anyone' || row.about === 'stream') return []
  const asker = world.askers[role]
  const isAllowed = MAY[row.needs].includes(role)
  const flaws: string[] = []
  const expectOutcome = async (what: string, input: object, expected: readonly Outcome[]) => {
    const { outcome, text } = await ask(path, input)
    if (!expected.includes(outcome))
      flaws.push(
        `${path} of ${what} as ${role}: ${outcome}, not ${expected.join(' or ')}: ${text.slice(0, 200)}`,
      )
    for (const target of leaksIn(text, role, asker))
      flaws.push(`${path} of ${what} as ${role} tells of ${target}`)
    return text
  }
  if (row.about === 'thing' || row.about === 'channel') {
    for (const target of TARGETS) {
      const isSeen = seenOf(row, role).includes(target)
      const expected = isAllowed ? (isSeen ? 'passed' : 'not found') : 'forbidden'
      await expectOutcome(target, row.input(asker.things[target], world), [expected])
    }
  }
  if (row.about === 'list') {
    const text = await expectOutcome('all', row.input?.(world) ?? {}, [isAllowed ? 'passed' : 'forbidden'])
    if (row.finds && isAllowed)
      for (const target of VISIBLE[role])
        if (!text.includes(asker.things[target].marker)) flaws.push(`${path} as ${role} misses ${target}`)
  }
  if (row.about === 'workspace') {
    await expectOutcome(
      'us',
      row.input(world.own, world),
      isAllowed ? ['passed', 'not found'] : ['forbidden'],
    )
    const theirs: Outcome = row.isForeignRefused ? 'not found' : 'passed'
    await expectOutcome('others', row.input(world.foreign, world), [isAllowed ? theirs : 'forbidden'])
  }
  return flaws
}

test('every procedure of the router has a row, and the row asks for what needs.ts does', () => {
  expect(PROCEDURES.filter((path) => !(path in ROWS))).toEqual([])
  expect(Object.keys(ROWS).filter((path) => !PROCEDURES.includes(path))).toEqual([])
  const others = Object.entries(ROWS).filter(
    ([path, row]) => row.about !== 'anyone' && NEEDS[path] !== row.needs,
  )
  // What they need depends on the input: it is asked where that is known, and the matrix shows it.
  expect(others.map(([path]) => path).sort()).toEqual(['conversations.bulk', 'drafts.save'])
})

describe.each([...ROLES])('as %s', (role) => {
  // Lists first: what follows resolves and moves conversations.
  const inOrder = [...PROCEDURES].sort(
    (a, b) => Number(ROWS[b]?.about === 'list') - Number(ROWS[a]?.about === 'list'),
  )

  test('each procedure does what the table says, and tells of nothing else', async () => {
    const { tRPC } = asks(world.askers[role].cookie)
    const flaws: string[] = []
    for (const path of inOrder) flaws.push(...(await flawsOf(path, role, tRPC)))
    expect(flaws).toEqual([])
  }, 120_000)

  test('so does each of them as REST', async () => {
    const { REST } = asks(world.askers[role].cookie)
    const flaws: string[] = []
    for (const path of inOrder.filter((one) => AS_REST.includes(one)))
      flaws.push(...(await flawsOf(path, role, REST)))
    expect(flaws).toEqual([])
  }, 120_000)

  test('files and locks open by the same table', async () => {
    const from = { url: world.url, cookie: world.askers[role].cookie }
    const flaws: string[] = []
    for (const target of TARGETS) {
      const { mediaId, conversationId, channelId } = world.askers[role].things[target]
      const isSeen = VISIBLE[role].includes(target)
      const isAnswered = MAY['conversations.reply'].includes(role)
      const expectOutcome = async (method: string, path: string, expected: Outcome) => {
        const { outcome } = await askRoute(from, method, path)
        if (outcome !== expected) flaws.push(`${method} ${path} of ${target}: ${outcome}, not ${expected}`)
      }
      await expectOutcome('GET', `/media/${mediaId}`, isSeen ? 'passed' : 'not found')
      await expectOutcome('GET', `/media/${mediaId}?download=1`, isSeen ? 'passed' : 'not found')
      const answer = isAnswered ? (isSeen ? 'passed' : 'not found') : 'forbidden'
      for (const verb of ['lock', 'heartbeat', 'takeover', 'unlock'])
        await expectOutcome('POST', `/api/v1/conversations/${conversationId}/${verb}`, answer)
      const isOurs = CHANNELS[role].includes(target)
      const upload = isAnswered ? (isOurs ? 'passed' : 'not found') : 'forbidden'
      await expectOutcome('POST', `/media?channelId=${channelId}&kind=image&filename=a.png`, upload)
    }
    expect(flaws).toEqual([])
  })
})

describe.each(['signed out', 'revoked'])('%s', (who) => {
  test('nothing answers but what is for everybody', async () => {
    const { tRPC, REST } = asks(who === 'revoked' ? world.revoked.cookie : null)
    const thing = world.askers.agent.things.open
    const flaws: string[] = []
    for (const path of PROCEDURES) {
      const row = rowOf(path)
      const input =
        row.about === 'thing' || row.about === 'channel'
          ? row.input(thing, world)
          : row.about === 'workspace'
            ? row.input(world.own, world)
            : row.about === 'list'
              ? (row.input?.(world) ?? {})
              : row.about === 'anyone'
                ? (row.input ?? {})
                : {}
      const isNothing = row.about === 'anyone' && row.isNothingThere
      const expected: Outcome = row.about !== 'anyone' ? 'signed out' : isNothing ? 'not found' : 'passed'
      for (const [how, ask] of [
        ['tRPC', tRPC],
        ...(AS_REST.includes(path) ? [['REST', REST] as const] : []),
      ] as const) {
        const { outcome } = await ask(path, input)
        if (outcome !== expected) flaws.push(`${path} by ${how}: ${outcome}, not ${expected}`)
      }
    }
    const from = { url: world.url, cookie: who === 'revoked' ? world.revoked.cookie : null }
    for (const [method, path] of [
      ['GET', `/media/${thing.mediaId}`],
      ['POST', `/media?channelId=${thing.channelId}&kind=image&filename=a.png`],
      ...['lock', 'heartbeat', 'takeover', 'unlock', 'leave'].map(
        (verb) => ['POST', `/api/v1/conversations/${thing.conversationId}/${verb}`] as const,
      ),
    ] as const) {
      const { outcome } = await askRoute(from, method, path)
      if (outcome !== 'signed out') flaws.push(`${method} ${path}: ${outcome}`)
    }
    expect(flaws).toEqual([])
  }, 120_000)
})
