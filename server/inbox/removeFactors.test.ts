import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { testAgent } from '../testing/testPeople.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { Agent } from './agent.ts'
import { readMembers } from './readMembers.ts'
import { removeFactors } from './removeFactors.ts'

let workspace: TestWorkspace
let olga: Agent
let carla: Agent
let ben: Agent

beforeEach(async () => {
  workspace = await testWorkspace()
  olga = await testAgent(workspace, 'Olga', { role: 'owner', isInTeam: false })
  carla = await testAgent(workspace, 'Carla', { role: 'administrator', isInTeam: false })
  ben = await testAgent(workspace, 'Ben')
})
afterEach(() => workspace.drop())

const remove = (by: Agent, agentId: string) =>
  repeatable(workspace.sql, (tx) => removeFactors(tx, by, agentId)).then(
    () => 'done',
    (error) => error.reason ?? error,
  )
const hasFactors = async ({ id }: Agent) =>
  (await readMembers(workspace.sql, workspace.workspaceId, [id]))[0]?.hasFactors

async function give({ id }: Agent) {
  const { sql } = workspace
  await sql`update agents set two_factor_enabled = true where id = ${id}`
  await sql`
    insert into two_factors (id, agent_id, secret, backup_codes, verified)
    values (${Bun.randomUUIDv7()}, ${id}, 'sealed', 'sealed', true)`
  await sql`
    insert into passkeys (id, agent_id, name, credential_id, public_key, algorithm, counter, transports, is_backed_up)
    values (${Bun.randomUUIDv7()}, ${id}, 'Phone', ${id}, '', -7, 0, '{}', false)`
  await sql`
    insert into sessions (id, agent_id, token, expires_at)
    values (${Bun.randomUUIDv7()}, ${id}, ${`token of ${id}`}, now() + interval '1 day')`
}

describe('a colleague whose phone is gone', () => {
  test('loses second factor, passkeys and sessions by the hand of an administrator, and nobody else does', async () => {
    await give(ben)
    await give(carla)
    expect(await hasFactors(ben)).toBe(true)
    expect(await remove(carla, ben.id)).toBe('done')
    expect([await hasFactors(ben), await hasFactors(carla)]).toEqual([false, true])
    expect(await workspace.sql`select 1 from sessions where agent_id = ${ben.id}`).toHaveLength(0)
    expect(await workspace.sql`select 1 from sessions where agent_id = ${carla.id}`).toHaveLength(1)
    const [entry] =
      await workspace.sql`select action, actor_id, details from audit_entries order by id desc limit 1`
    expect({ ...entry }).toEqual({
      action: 'person.factors_removed',
      actorId: carla.id,
      details: { agentId: ben.id, name: 'Ben', passkeys: 1 },
    })
  })

  test('is helped by whoever may at least as much, and not by themselves', async () => {
    await give(olga)
    await give(carla)
    expect(await remove(carla, olga.id)).toBe('FORBIDDEN')
    expect(await remove(carla, carla.id)).toBe('WRONG_STATE')
    expect(await remove(olga, carla.id)).toBe('done')
    expect(await remove(olga, carla.id)).toBe('WRONG_STATE')
    expect(await remove(olga, Bun.randomUUIDv7())).toBe('NOT_FOUND')
    expect(await hasFactors(olga)).toBe(true)
  })
})
