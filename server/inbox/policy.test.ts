import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { agentOf } from '../auth/agentOf.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { Agent } from './agent.ts'
import { countViews } from './countViews.ts'
import { channelsInReach, hangsInReach, may, reachesOf, reachOf, roleOf } from './policy.ts'
import { conversationInReach } from './readConversations.ts'
import {
  BUILT_IN_ROLES,
  type BuiltInRole,
  holds,
  PERMISSIONS,
  type Permission,
  type Relation,
} from './role.ts'

/** One agent of each kind, in team A or in none; channels answered by A or B, open or by assignment; a conversation for each holder. */
let workspace: TestWorkspace
const agents = new Map<string, Agent>()
const conversations: { id: string; channel: string; holder: string }[] = []
const ids = { teamA: '', teamB: '' }
const WHO: [string, BuiltInRole | Relation][] = [
  ['owner', 'owner'],
  ['administrator', 'administrator'],
  ['supervisor', 'supervisor'],
  ['agent', 'agent'],
  ['viewer', 'viewer'],
  ['own', 'own'],
  ['team', 'team'],
]

beforeAll(async () => {
  workspace = await testWorkspace()
  const { sql, workspaceId } = workspace
  ids.teamA = workspace.teamId
  ids.teamB = Bun.randomUUIDv7()
  await sql`insert into teams (id, workspace_id, name) values (${ids.teamB}, ${workspaceId}, 'B')`
  const holders: Record<string, { assigneeId: string | null; teamId: string | null }> = {
    nobody: { assigneeId: null, teamId: null },
    teamA: { assigneeId: null, teamId: ids.teamA },
    teamB: { assigneeId: null, teamId: ids.teamB },
  }
  for (const [name, role] of WHO) {
    const id = Bun.randomUUIDv7()
    const isBuiltIn = role in BUILT_IN_ROLES
    await sql`insert into agents (id, name, email) values (${id}, ${name}, ${`${id}@test.baton`})`
    const roleId = isBuiltIn ? null : Bun.randomUUIDv7()
    if (roleId)
      await sql`
        insert into roles (id, workspace_id, name, reach, permissions)
        values (${roleId}, ${workspaceId}, ${name}, ${role}, ${[...BUILT_IN_ROLES.agent.permissions]})`
    await sql`
      insert into memberships (workspace_id, agent_id, role, role_id)
      values (${workspaceId}, ${id}, ${isBuiltIn ? role : 'custom'}, ${roleId})`
    await sql`insert into team_members (team_id, agent_id) values (${ids.teamA}, ${id})`
    const agent = await agentOf(sql, id)
    if (agent) agents.set(name, agent)
    holders[name] = { assigneeId: id, teamId: null }
  }
  for (const visibility of ['channel', 'assigned']) {
    for (const team of ['teamA', 'teamB'] as const) {
      const channelId = Bun.randomUUIDv7()
      await sql`
        insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id, visibility)
        values (${channelId}, ${workspaceId}, ${team}, ${channelId}, '1555', '1', ${visibility})`
      await sql`insert into channel_teams (channel_id, team_id) values (${channelId}, ${ids[team]})`
      for (const [holder, { assigneeId, teamId }] of Object.entries(holders)) {
        const [id, contactId] = [Bun.randomUUIDv7(), Bun.randomUUIDv7()]
        await sql`insert into contacts (id, workspace_id, name) values (${contactId}, ${workspaceId}, ${holder})`
        await sql`
          insert into conversations (id, workspace_id, channel_id, contact_id, assignee_id, team_id, last_position)
          values (${id}, ${workspaceId}, ${channelId}, ${contactId}, ${assigneeId}, ${teamId}, '1')`
        conversations.push({ id, channel: `${visibility} of ${team}`, holder })
      }
    }
  }
})
afterAll(() => workspace.drop())

const named = (name: string): Agent => {
  const agent = agents.get(name)
  if (!agent) throw new Error(`There is no ${name}`)
  return agent
}
async function seenBy(name: string): Promise<string[]> {
  const agent = named(name)
  const reach = await reachOf(workspace.sql, agent, 'conversations.read')
  const reads = await Promise.all(
    conversations.map((one) => conversationInReach(workspace.sql, one.id, reach)),
  )
  return conversations
    .filter((_, index) => reads[index] !== null)
    .map((one) => `${one.channel}: ${one.holder}`)
}
const all = (channel: string) =>
  conversations.filter((one) => one.channel === channel).map((one) => `${channel}: ${one.holder}`)

describe('who sees which conversation', () => {
  test('owners and administrators see every one', async () => {
    for (const name of ['owner', 'administrator'])
      expect(await seenBy(name)).toEqual(conversations.map((one) => `${one.channel}: ${one.holder}`))
  })

  test('a supervisor sees every one of the channels of their teams, whomever it is assigned to', async () => {
    expect(await seenBy('supervisor')).toEqual([...all('channel of teamA'), ...all('assigned of teamA')])
  })

  test('agents and viewers see the channels of their teams, and where a channel says so only what is assigned to them', async () => {
    for (const name of ['agent', 'viewer']) {
      const mine = ['assigned of teamA: teamA', `assigned of teamA: ${name}`]
      expect(await seenBy(name)).toEqual([...all('channel of teamA'), ...mine])
    }
  })

  test('a role that reaches as far as the team, or as what is assigned to oneself, sees no more than that', async () => {
    const of = (holders: string[]) =>
      ['channel of teamA', 'assigned of teamA'].flatMap((channel) =>
        holders.map((one) => `${channel}: ${one}`),
      )
    expect(await seenBy('team')).toEqual(of(['teamA', 'team']))
    expect(await seenBy('own')).toEqual(of(['own']))
  })

  test('a list, a single read and the filter of the feed agree on every conversation', async () => {
    const rows = await workspace.sql<{ id: string; channelId: string; assigneeId: string; teamId: string }[]>`
      select id, channel_id, assignee_id, team_id from conversations`
    for (const [name, agent] of agents) {
      const reach = await reachOf(workspace.sql, agent, 'conversations.read')
      const covered = rows.filter((row) => reach.covers(row)).length
      const of = { workspaceId: workspace.workspaceId, agentId: agent.id, reach }
      expect([name, covered]).toEqual([name, (await seenBy(name)).length])
      expect([name, covered]).toEqual([name, (await countViews(workspace.sql, of)).all])
    }
  })
})

describe('what hangs on a conversation', () => {
  test('is in reach when the conversation is, for everybody', async () => {
    const { sql, workspaceId } = workspace
    await sql`
      insert into media (id, workspace_id, channel_id, conversation_id, direction, kind, state)
      select gen_random_uuid(), c.workspace_id, c.channel_id, c.id, 'in', 'image', 'waiting' from conversations c`
    const rows = await sql<{ id: string; channelId: string; assigneeId: string; teamId: string }[]>`
      select id, channel_id, assignee_id, team_id from conversations where workspace_id = ${workspaceId}`
    const seen = new Map<string, number>()
    for (const [name, agent] of agents) {
      const reach = await reachOf(sql, agent, 'conversations.read')
      const files = await sql<{ conversationId: string }[]>`
        select file.conversation_id from media file where ${hangsInReach(sql, reach, 'file')}`
      const covered = rows.filter((row) => reach.covers(row)).map((row) => row.id)
      expect([name, files.map((file) => file.conversationId).sort()]).toEqual([name, covered.sort()])
      seen.set(name, covered.length)
    }
    // The premise: some see all of it, some a part, and nobody nothing.
    expect(Math.min(...seen.values())).toBeGreaterThan(0)
    expect(seen.get('own')).toBeLessThan(seen.get('owner') ?? 0)
  })
})

describe('the reach of several', () => {
  test('is asked for at once, in their order, and of nobody it is nothing', async () => {
    const names = ['own', 'owner', 'viewer', 'supervisor']
    const many = await reachesOf(workspace.sql, names.map(named), 'conversations.read')
    const each = await Promise.all(
      names.map((name) => reachOf(workspace.sql, named(name), 'conversations.read')),
    )
    expect(many.map((one) => one.mark)).toEqual(each.map((one) => one.mark))
    expect(new Set(many.map((one) => one.mark)).size).toBe(names.length)
    expect(await reachesOf(workspace.sql, [], 'conversations.read')).toEqual([])
    const [viewer] = await reachesOf(workspace.sql, [named('viewer')], 'conversations.reply')
    expect(viewer?.channelIds).toEqual([])
  })

  test('names the channels of which an agent sees conversations, and knows those that were removed', async () => {
    const { sql, channelId } = workspace
    for (const name of ['owner', 'agent', 'own'])
      expect([name, await channelsInReach(sql, named(name))]).toEqual([
        name,
        (await reachOf(sql, named(name), 'conversations.read')).channelIds,
      ])
    const isRemoved = async () =>
      (await reachOf(sql, named('owner'), 'conversations.read')).isRemoved(channelId)
    expect(await isRemoved()).toBe(false)
    await sql`update channels set archived_at = now() where id = ${channelId}`
    expect(await isRemoved()).toBe(true)
    await sql`update channels set archived_at = null where id = ${channelId}`
  })
})

describe('what a role allows', () => {
  test('a viewer reads, and does nothing else', () => {
    const viewer = named('viewer')
    expect(PERMISSIONS.filter((permission) => may(viewer, permission))).toEqual(['conversations.read'])
  })

  test('what is not allowed is refused before anything is looked up', async () => {
    for (const permission of [
      'conversations.reply',
      'contacts.change',
      'messages.raw',
    ] satisfies Permission[])
      await expect(reachOf(workspace.sql, named('viewer'), permission)).rejects.toMatchObject({
        reason: 'FORBIDDEN',
        details: { permission },
      })
  })

  test('each role allows what the one below it does, so that it may grant that one, and never the other way round', () => {
    const order: BuiltInRole[] = ['owner', 'administrator', 'supervisor', 'agent', 'viewer']
    for (const [index, role] of order.entries())
      for (const [other, lower] of order.entries())
        expect([role, lower, holds(BUILT_IN_ROLES[role], BUILT_IN_ROLES[lower])]).toEqual([
          role,
          lower,
          index <= other,
        ])
  })

  test('a role of the workspace’s own allows what its row says', () => {
    expect(roleOf(named('own'))).toMatchObject({
      reach: 'own',
      permissions: BUILT_IN_ROLES.agent.permissions,
    })
    expect(may(named('own'), 'labels.manage')).toBe(false)
  })
})
