import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { agentOf } from '../auth/agentOf.ts'
import { testAgent, testConversation } from '../testing/testPeople.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { acceptInvite } from './acceptInvite.ts'
import type { Agent } from './agent.ts'
import { auditAsCsv } from './auditAsText.ts'
import { removeRole, saveRole } from './customRoles.ts'
import { invite, openInvites, revokeInvite } from './invites.ts'
import { mintFence } from './mintFence.ts'
import { reachOf } from './policy.ts'
import { auditPage } from './readAudit.ts'
import { removeMember } from './removeMember.ts'
import type { Permission } from './role.ts'
import { removeTeam, saveTeam } from './teams.ts'
import { updateMembers } from './updateMembers.ts'

let workspace: TestWorkspace
let olga: Agent
let carla: Agent
let ben: Agent
const now = new Date()
const DAY_MS = 24 * 60 * 60 * 1000

beforeEach(async () => {
  workspace = await testWorkspace()
  olga = await testAgent(workspace, 'Olga', { role: 'owner', isInTeam: false })
  carla = await testAgent(workspace, 'Carla', { role: 'administrator', isInTeam: false })
  ben = await testAgent(workspace, 'Ben')
})
afterEach(() => workspace.drop())

type Change = Parameters<typeof updateMembers>[2]
const update = (by: Agent, change: Change) =>
  repeatable(workspace.sql, (tx) => updateMembers(tx, by, change, now))
const remove = (by: Agent, agentId: string) =>
  repeatable(workspace.sql, (tx) => removeMember(tx, by, agentId, now))
const reasonOf = (work: Promise<unknown>) => work.then(() => 'done').catch((error) => error.reason ?? error)
const invited = (by: Agent, given: Partial<Parameters<typeof invite>[2]> = {}) => {
  const wish = {
    email: null,
    role: { role: 'agent' as const },
    teamIds: [workspace.teamId],
    hash: Bun.randomUUIDv7(),
  }
  return repeatable(workspace.sql, async (tx) => ({
    hash: given.hash ?? wish.hash,
    invite: await invite(tx, by, { ...wish, ...given }, now),
  }))
}
const accept = (hash: string, given: { email?: string | null; at?: Date } = {}) =>
  repeatable(workspace.sql, (tx) =>
    acceptInvite(
      tx,
      { hash, name: 'Nina', email: given.email ?? null, passwordHash: 'hash' },
      given.at ?? now,
    ),
  )
const actions = async () => {
  const reach = await reachOf(workspace.sql, olga, 'audit.read')
  const of = { workspaceId: workspace.workspaceId, reach }
  return (await auditPage(workspace.sql, of, {}, { limit: 100 })).entries.map((entry) => entry.action)
}

describe('an invitation', () => {
  test('lets one person in, with the role and the teams it names', async () => {
    const { hash } = await invited(carla, { email: 'Nina@Example.com' })
    expect(await accept(hash)).toEqual({ email: 'nina@example.com' })
    const [row] = await workspace.sql<
      { id: string }[]
    >`select id from agents where email = 'nina@example.com'`
    expect(await agentOf(workspace.sql, row?.id ?? '')).toMatchObject({
      name: 'Nina',
      role: 'agent',
      teamIds: [workspace.teamId],
    })
    expect(await reasonOf(accept(hash))).toBe('NOT_FOUND')
    expect(await openInvites(workspace.sql, workspace.workspaceId, now)).toEqual([])
    expect(await actions()).toEqual(['invite.accepted', 'person.invited'])
  })

  test('of two who use it at the same moment lets one in', async () => {
    const { hash } = await invited(carla)
    const both = await Promise.all(
      ['one@x.org', 'two@x.org'].map((email) => reasonOf(accept(hash, { email }))),
    )
    expect(both.sort()).toEqual(['NOT_FOUND', 'done'])
  })

  test('opens nothing after seven days, or once it was taken back', async () => {
    const { hash } = await invited(carla)
    const late = new Date(now.getTime() + 7 * DAY_MS + 1)
    expect(await reasonOf(accept(hash, { email: 'a@x.org', at: late }))).toBe('NOT_FOUND')
    const second = await invited(carla)
    await repeatable(workspace.sql, (tx) => revokeInvite(tx, carla, second.invite.id, now))
    expect(await reasonOf(accept(second.hash, { email: 'a@x.org' }))).toBe('NOT_FOUND')
  })

  test('needs an address from whoever has no name on it, and takes nobody else’s', async () => {
    const { hash } = await invited(carla)
    expect(await reasonOf(accept(hash))).toBe('INPUT_INVALID')
    expect(await reasonOf(accept(hash, { email: ben.email }))).toBe('NAME_TAKEN')
    await remove(carla, ben.id)
    // Whoever holds an open link does not become the one who left.
    expect(await reasonOf(accept(hash, { email: ben.email }))).toBe('NAME_TAKEN')
    const named = await invited(carla, { email: ben.email })
    await accept(named.hash)
    expect((await agentOf(workspace.sql, ben.id))?.name).toBe('Nina')
  })

  test('never invites to more than whoever sends it may', async () => {
    expect(await reasonOf(invited(carla, { role: { role: 'owner' } }))).toBe('FORBIDDEN')
    expect(await reasonOf(invited(olga, { role: { role: 'owner' } }))).toBe('done')
    expect(await reasonOf(invited(carla, { teamIds: [Bun.randomUUIDv7()] }))).toBe('NOT_FOUND')
  })
})

describe('a member', () => {
  test('who is removed is signed out, and what was open with them goes back to the queue', async () => {
    const conversationId = await testConversation(workspace)
    const { sql } = workspace
    await sql`update conversations set assignee_id = ${ben.id} where id = ${conversationId}`
    await sql`
      insert into sessions (id, agent_id, token, expires_at) values (${Bun.randomUUIDv7()}, ${ben.id}, 't', now() + interval '1 day')`
    expect(await remove(carla, ben.id)).toEqual({ returned: 1 })
    expect(await agentOf(sql, ben.id)).toBeNull()
    expect([...(await sql`select 1 from sessions where agent_id = ${ben.id}`)]).toEqual([])
    const [conversation] = await sql`select assignee_id from conversations where id = ${conversationId}`
    expect(conversation).toEqual({ assigneeId: null })
    const [event] = await sql`
      select was_assignee_id from events where conversation_id = ${conversationId} order by seq desc limit 1`
    expect(event).toEqual({ wasAssigneeId: ben.id })
  })

  test('who is deactivated cannot sign in, and comes back as they were', async () => {
    await update(carla, { agentIds: [ben.id], isActive: false })
    expect(await agentOf(workspace.sql, ben.id)).toBeNull()
    const [back] = await update(carla, { agentIds: [ben.id], isActive: true })
    expect(back).toMatchObject({ deactivatedAt: null, role: 'agent', teamIds: [workspace.teamId] })
    expect(await actions()).toEqual(['person.activated', 'person.deactivated'])
  })

  test('is changed together with others, or none of them is', async () => {
    const dora = await testAgent(workspace, 'Dora', { isInTeam: false })
    const changed = await update(carla, {
      agentIds: [ben.id, dora.id],
      role: { role: 'viewer' },
      addTeamIds: [workspace.teamId],
    })
    expect(changed.map(({ role, teamIds }) => [role, teamIds.length])).toEqual([
      ['viewer', 1],
      ['viewer', 1],
    ])
    const both = { agentIds: [ben.id, olga.id], role: { role: 'agent' as const } }
    expect(await reasonOf(update(carla, both))).toBe('FORBIDDEN')
    expect((await agentOf(workspace.sql, ben.id))?.role).toBe('viewer')
  })

  test('is neither raised above whoever changes them, nor changed by somebody who may less', async () => {
    expect(await reasonOf(update(carla, { agentIds: [ben.id], role: { role: 'owner' } }))).toBe('FORBIDDEN')
    expect(await reasonOf(update(carla, { agentIds: [olga.id], role: { role: 'agent' } }))).toBe('FORBIDDEN')
    expect(await reasonOf(remove(carla, olga.id))).toBe('FORBIDDEN')
  })

  test('who is the last owner stays one', async () => {
    const demote = (agentId: string) => update(olga, { agentIds: [agentId], role: { role: 'administrator' } })
    expect(await reasonOf(demote(olga.id))).toBe('WRONG_STATE')
    await update(olga, { agentIds: [carla.id], role: { role: 'owner' } })
    const owner: Agent = { ...carla, role: 'owner' }
    const both = await Promise.all([
      reasonOf(remove(owner, olga.id)),
      reasonOf(repeatable(workspace.sql, (tx) => removeMember(tx, olga, carla.id, now))),
    ])
    const left = await workspace.sql`select 1 from memberships where role = 'owner'`
    expect([both.includes('done'), left.length]).toEqual([true, 1])
  })

  test('does not lock themselves out', async () => {
    expect(await reasonOf(remove(carla, carla.id))).toBe('WRONG_STATE')
    expect(await reasonOf(update(carla, { agentIds: [carla.id], isActive: false }))).toBe('WRONG_STATE')
  })
})

describe('a team', () => {
  const wish = (given = {}) => ({
    name: 'Night shift',
    memberIds: [ben.id],
    channelIds: [workspace.channelId],
    ...given,
  })
  const save = (by: Agent, given = {}) => repeatable(workspace.sql, (tx) => saveTeam(tx, by, wish(given)))

  test('is made, changed and removed, and what it was given goes back to the queue', async () => {
    const team = await save(carla)
    expect(team).toMatchObject({
      name: 'Night shift',
      memberIds: [ben.id],
      channelIds: [workspace.channelId],
    })
    expect(await reasonOf(save(carla, { name: 'night SHIFT' }))).toBe('NAME_TAKEN')
    await save(carla, { teamId: team.id, memberIds: [] })
    const conversationId = await testConversation(workspace)
    await workspace.sql`update conversations set team_id = ${team.id} where id = ${conversationId}`
    const removing = repeatable(workspace.sql, (tx) => removeTeam(tx, carla, team.id))
    expect(await removing).toEqual({ returned: 1 })
    expect(await actions()).toContain('team.removed')
    expect((await actions()).filter((action) => action.startsWith('team.'))).toEqual([
      'team.removed',
      'team.changed',
      'team.created',
    ])
  })

  test('opens no channel that whoever makes it cannot see', async () => {
    const keeper: Agent = {
      ...ben,
      role: 'custom',
      customRole: {
        id: '',
        name: 'Keeper',
        reach: 'channel',
        permissions: ['conversations.read', 'teams.manage'],
      },
    }
    const other = Bun.randomUUIDv7()
    await workspace.sql`
      insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
      values (${other}, ${workspace.workspaceId}, 'Sales', ${other}, '1555', '1')`
    expect(await reasonOf(save(keeper, { channelIds: [other] }))).toBe('NOT_FOUND')
    expect(await reasonOf(save(keeper))).toBe('done')
  })
})

describe('a role of the workspace’s own', () => {
  const save = (by: Agent, permissions: Permission[], roleId?: string) =>
    repeatable(workspace.sql, (tx) =>
      saveRole(tx, by, { roleId, name: 'Auditor', reach: 'workspace', permissions }, new Date()),
    )

  test('allows what it names to those who have it, from the next call on', async () => {
    const role = await save(carla, ['audit.read'])
    expect(role.permissions).toEqual(['conversations.read', 'audit.read'])
    await update(carla, { agentIds: [ben.id], role: { role: 'custom', roleId: role.id ?? '' } })
    const auditor = await agentOf(workspace.sql, ben.id)
    expect(auditor).toMatchObject({ role: 'custom', customRole: { name: 'Auditor', reach: 'workspace' } })
    expect(await reasonOf(repeatable(workspace.sql, (tx) => removeRole(tx, carla, role.id ?? '')))).toBe(
      'WRONG_STATE',
    )
    await update(carla, { agentIds: [ben.id], role: { role: 'agent' } })
    expect(await reasonOf(repeatable(workspace.sql, (tx) => removeRole(tx, carla, role.id ?? '')))).toBe(
      'done',
    )
  })

  test('never holds more than whoever makes or changes it', async () => {
    expect(await reasonOf(save(carla, ['workspace.own']))).toBe('FORBIDDEN')
    const role = await save(olga, ['workspace.own'])
    expect(await reasonOf(save(carla, ['audit.read'], role.id ?? undefined))).toBe('FORBIDDEN')
  })
})

describe('the audit log', () => {
  test('is never changed or shortened, whoever asks', async () => {
    await invited(carla)
    for (const change of [
      workspace.sql`update audit_entries set action = 'nothing'`,
      workspace.sql`delete from audit_entries`,
      workspace.sql`truncate audit_entries`,
    ])
      await expect(change).rejects.toMatchObject({ code: '42501' })
    expect(await actions()).toEqual(['person.invited'])
  })

  test('is read page by page, by who did what and when', async () => {
    for (const name of ['a', 'b', 'c'])
      await repeatable(workspace.sql, (tx) => saveTeam(tx, carla, { name, memberIds: [], channelIds: [] }))
    await invited(olga)
    const of = { workspaceId: workspace.workspaceId, reach: await reachOf(workspace.sql, olga, 'audit.read') }
    const ask = (
      filters: Parameters<typeof auditPage>[2],
      at: Parameters<typeof auditPage>[3] = { limit: 2 },
    ) => auditPage(workspace.sql, of, filters, at)
    const first = await ask({ actions: ['team.'] })
    const second = await ask({ actions: ['team.'] }, { limit: 2, before: first.nextCursor ?? '' })
    expect([first.entries.length, second.entries.length, second.nextCursor]).toEqual([2, 1, null])
    expect((await ask({ actorId: olga.id })).entries.map((entry) => entry.action)).toEqual(['person.invited'])
    expect((await ask({ until: new Date(0) })).entries).toEqual([])
  })

  test('has takeovers of the reply lock, found by kind, person and time, and in the file', async () => {
    const conversationId = await testConversation(workspace)
    const place = { conversationId, workspaceId: workspace.workspaceId, channelId: workspace.channelId }
    const since = new Date(Date.now() - 60_000)
    await mintFence(workspace.sql, { ...place, fence: 0 }, { holderId: olga.id, takenFrom: null })
    await mintFence(
      workspace.sql,
      { ...place, fence: 1 },
      { holderId: carla.id, takenFrom: { id: olga.id, name: olga.name } },
    )
    const of = { workspaceId: workspace.workspaceId, reach: await reachOf(workspace.sql, olga, 'audit.read') }
    const ask = (filters: Parameters<typeof auditPage>[2]) =>
      auditPage(workspace.sql, of, { actions: ['lock.'], ...filters }, { limit: 10 })
    const { entries } = await ask({ actorId: carla.id, from: since })
    expect(entries).toMatchObject([{ action: 'lock.taken_over', actor: { id: carla.id }, conversationId }])
    expect((await ask({ actorId: olga.id })).entries).toEqual([])
    expect((await ask({ until: since })).entries).toEqual([])
    expect(auditAsCsv(entries)).toContain(`lock.taken_over,${workspace.channelId},${conversationId}`)
  })

  test('becomes a file in which no name runs as a formula', async () => {
    const entry = {
      id: '1',
      action: 'person.removed',
      actor: { id: '2', name: '=HYPERLINK("http://x")' },
      channelId: null,
      conversationId: null,
      details: { name: 'Ana, "the" one' },
      createdAt: '2026-11-22T00:00:00.000Z',
    }
    expect(auditAsCsv([entry]).split('\r\n')[1]).toBe(
      `2026-11-22T00:00:00.000Z,"'=HYPERLINK(""http://x"")",2,person.removed,,,"{""name"":""Ana, \\""the\\"" one""}"`,
    )
  })
})
