import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { type AssigningParts, assignOnce } from '../jobs/keepAssigned.ts'
import { createLog } from '../log.ts'
import { testAgent, testConversation } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { Agent } from './agent.ts'
import { type AssignmentRule, saveRule } from './assignmentRules.ts'
import { chooseAgent } from './chooseAgent.ts'
import { nextPosition } from './position.ts'
import { workOnConversations } from './workOnConversations.ts'

let workspace: TestWorkspace
let carla: Agent
let team: Agent[]
let present: Set<string>
let now: Date
const MINUTE_MS = 60_000

beforeEach(async () => {
  workspace = await testWorkspace()
  carla = await testAgent(workspace, 'Carla', { role: 'administrator', isInTeam: false })
  await workspace.sql`delete from team_members`
  team = [
    await testAgent(workspace, 'Ben'),
    await testAgent(workspace, 'Dora'),
    await testAgent(workspace, 'Emil'),
  ]
  await testAgent(workspace, 'Vera', { role: 'viewer' })
  present = new Set(team.map((agent) => agent.id))
  now = new Date()
})
afterEach(() => workspace.drop())

const rule = (given: Partial<AssignmentRule> = {}) =>
  repeatable(workspace.sql, (tx) =>
    saveRule(tx, carla, {
      channelId: workspace.channelId,
      teamId: null,
      method: 'round_robin',
      capacity: null,
      skipsAway: true,
      returnAfterMinutes: null,
      ...given,
    }),
  )
const look = () => {
  const log = createLog({ level: 'silent', name: 'test' })
  const parts: AssigningParts = {
    sql: workspace.sql,
    bell: { ring: () => {} },
    log,
    now: () => now,
    presentIn: async () => present,
  }
  return assignOnce(parts)
}
/** A conversation in which the customer has just written. */
async function asked(): Promise<string> {
  const { sql, workspaceId, channelId } = workspace
  const id = await testConversation(workspace)
  const messageId = Bun.randomUUIDv7()
  const position = nextPosition(now, '')
  await sql`
    insert into messages (id, workspace_id, channel_id, conversation_id, direction, type, status, body, content, position, sent_at)
    values (${messageId}, ${workspaceId}, ${channelId}, ${id}, 'in', 'text', 'received', 'Hello',
      '{"kind":"text","text":"Hello"}', ${position}, ${now})`
  await sql`
    update conversations set last_position = ${position}, last_message_id = ${messageId}, created_at = ${now} where id = ${id}`
  return id
}
const holders = async () => {
  const rows = await workspace.sql<
    { assigneeId: string | null }[]
  >`select assignee_id from conversations order by last_position, id`
  return rows.map((row) => team.find((agent) => agent.id === row.assigneeId)?.name ?? null)
}

describe('a rule', () => {
  test('gives new conversations to the team in turns, and never to whoever only reads', async () => {
    await rule()
    for (let count = 0; count < 4; count++) await asked()
    expect(await look()).toBe(4)
    const names = await holders()
    expect(names.slice().sort()).toEqual(['Ben', 'Ben', 'Dora', 'Emil'])
    expect(await look()).toBe(0)
  })

  test('gives to whoever has least, up to what each of them takes, and the rest waits', async () => {
    await rule({ method: 'least_busy', capacity: 2 })
    for (let count = 0; count < 8; count++) await asked()
    expect(await look()).toBe(6)
    const names = await holders()
    for (const { name } of team) expect(names.filter((one) => one === name)).toHaveLength(2)
    expect(names.filter((one) => one === null)).toHaveLength(2)
  })

  test('passes over whoever is away, and waits when nobody is here', async () => {
    await rule()
    present = new Set()
    await asked()
    expect(await look()).toBe(0)
    present = new Set(team.slice(1, 2).map((agent) => agent.id))
    expect(await look()).toBe(1)
    expect(await holders()).toEqual(['Dora'])
  })

  test('leaves alone what somebody assigned by hand at the same moment', async () => {
    await rule()
    const id = await asked()
    const [ben] = team
    const byHand = repeatable(workspace.sql, (tx) =>
      workOnConversations(
        tx,
        {
          agent: carla,
          reach: reachTo([workspace.channelId]),
          wanted: [{ conversationId: id, action: { kind: 'assign', assigneeId: ben?.id ?? null } }],
        },
        now,
      ),
    )
    await Promise.all([byHand, look(), look()])
    await look()
    expect(await holders()).toEqual(['Ben'])
    const [trail] = await workspace.sql<{ count: number }[]>`
      select count(*)::int as count from audit_entries where conversation_id = ${id} and action = 'conversation.assigned'`
    // By hand alone, or by the rule first and then by hand: never a third time.
    expect(trail?.count).toBeLessThanOrEqual(2)
  })

  test('gives what was not answered in time to somebody else, or back to the queue', async () => {
    await rule({ returnAfterMinutes: 10 })
    await asked()
    await look()
    const [first] = await holders()
    now = new Date(now.getTime() + 9 * MINUTE_MS)
    expect(await look()).toBe(0)
    now = new Date(now.getTime() + 2 * MINUTE_MS)
    expect(await look()).toBe(1)
    const [second] = await holders()
    expect(second).not.toBe(first)
    present = new Set()
    now = new Date(now.getTime() + 20 * MINUTE_MS)
    expect(await look()).toBe(1)
    expect(await holders()).toEqual([null])
  })

  test('of its team comes before that of its channel; by hand, nothing happens by itself', async () => {
    await rule()
    await rule({ channelId: null, teamId: workspace.teamId, method: 'hand' })
    const id = await asked()
    await workspace.sql`update conversations set team_id = ${workspace.teamId} where id = ${id}`
    expect(await look()).toBe(0)
  })
})

test('whose turn it is goes round, whoever comes and goes', () => {
  const of = (ids: string[]) => ids.map((agentId) => ({ agentId, open: 0, capacity: null }))
  expect(chooseAgent('round_robin', of(['a', 'b', 'c']), null)).toBe('a')
  expect(chooseAgent('round_robin', of(['a', 'c']), 'b')).toBe('c')
  expect(chooseAgent('round_robin', of(['a', 'b']), 'c')).toBe('a')
  expect(chooseAgent('least_busy', [], 'c')).toBeNull()
  expect(chooseAgent('hand', of(['a']), null)).toBeNull()
})
