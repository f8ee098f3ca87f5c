import { describe, expect, test } from 'bun:test'
import type { Agent } from './agent.ts'
import { demand, may, type ReachableChannel, reachAmong, roleOf } from './policy.ts'
import { Refusal } from './refusal.ts'
import {
  BUILT_IN_ROLES,
  DENIED,
  holds,
  isPermission,
  PERMISSIONS,
  type Permission,
  RELATIONS,
} from './role.ts'

/** The table of who may what, held against plain channels: `policy.test.ts` shows the same of the database. */
const agentOf = (role: Agent['role'], more: Partial<Agent> = {}): Agent => {
  return { id: 'ana', name: 'Ana', email: '', workspaceId: 'ours', role, teamIds: ['support'], ...more }
}
const channel = (id: string, more: Partial<ReachableChannel> = {}): ReachableChannel => {
  return { id, workspaceId: 'ours', visibility: 'channel', teamIds: ['support'], ...more }
}
const CHANNELS = [
  channel('open'),
  channel('quiet', { visibility: 'assigned' }),
  channel('of sales', { teamIds: ['sales'] }),
  channel('quiet of sales', { visibility: 'assigned', teamIds: ['sales'] }),
  channel('of both', { teamIds: ['sales', 'support'] }),
  channel('of nobody', { teamIds: [] }),
  channel('theirs', { workspaceId: 'other' }),
]
const custom = (reach: (typeof RELATIONS)[number], permissions: readonly Permission[]) =>
  agentOf('custom', { customRole: { id: 'r', name: 'R', reach, permissions: [...permissions] } })
const READ = 'conversations.read'
const reach = (agent: Agent, permission: Permission = READ) => reachAmong(agent, permission, CHANNELS)
const whole = (agent: Agent, permission: Permission = READ) => reach(agent, permission).whole
const assigned = (agent: Agent) => reach(agent).assigned

describe('which channels are in reach', () => {
  test('all of the own workspace for who reaches the workspace, and no other workspace for anybody', () => {
    const ours = CHANNELS.filter((one) => one.workspaceId === 'ours').map((one) => one.id)
    for (const role of ['owner', 'administrator'] as const)
      expect([whole(agentOf(role)), assigned(agentOf(role))]).toEqual([ours, []])
    for (const role of ['owner', 'supervisor', 'agent', 'viewer'] as const)
      expect(reach(agentOf(role)).channelIds).not.toContain('theirs')
  })

  test('those that the teams answer, as a whole or as far as they are assigned', () => {
    for (const role of ['agent', 'viewer'] as const)
      expect([whole(agentOf(role)), assigned(agentOf(role))]).toEqual([['open', 'of both'], ['quiet']])
    expect([whole(agentOf('supervisor')), assigned(agentOf('supervisor'))]).toEqual([
      ['open', 'quiet', 'of both'],
      [],
    ])
    const sales = agentOf('agent', { teamIds: ['sales'] })
    expect([whole(sales), assigned(sales)]).toEqual([['of sales', 'of both'], ['quiet of sales']])
    expect(reach(agentOf('agent', { teamIds: [] })).channelIds).toEqual([])
  })

  test('only what is assigned, for who reaches as far as the team or oneself', () => {
    for (const relation of ['team', 'own'] as const) {
      const agent = custom(relation, [READ, 'conversations.oversee'])
      expect([relation, whole(agent), assigned(agent)]).toEqual([relation, [], ['open', 'quiet', 'of both']])
    }
    const overseer = custom('channel', [READ, 'conversations.oversee'])
    expect([whole(overseer), assigned(overseer)]).toEqual([['open', 'quiet', 'of both'], []])
  })

  test('none for a permission that the role has not', () => {
    expect(reach(agentOf('viewer'), 'conversations.reply').channelIds).toEqual([])
    expect(reach(custom('workspace', ['labels.manage'])).channelIds).toEqual([])
    expect(reach(agentOf('viewer'), 'conversations.reply').permission).toBe('conversations.reply')
  })
})

describe('a reach', () => {
  const held = (channelId: string, assigneeId: string | null = null, teamId: string | null = null) => {
    return { channelId, assigneeId, teamId }
  }

  test('covers all of a whole channel, and of another one what is assigned to the agent or to their teams', () => {
    const agent = reach(agentOf('agent'))
    expect(agent.covers(held('open', 'ben', 'sales'))).toBe(true)
    expect(agent.covers(held('quiet', 'ana'))).toBe(true)
    expect(agent.covers(held('quiet', null, 'support'))).toBe(true)
    expect(agent.covers(held('quiet', 'ben', 'support'))).toBe(true)
    for (const [assigneeId, teamId] of [
      [null, null],
      ['ben', null],
      [null, 'sales'],
      ['ben', 'sales'],
    ] as const)
      expect([assigneeId, teamId, agent.covers(held('quiet', assigneeId, teamId))]).toEqual([
        assigneeId,
        teamId,
        false,
      ])
    // Assigned to them, and in a channel that is not theirs.
    expect(agent.covers(held('of sales', 'ana', 'support'))).toBe(false)
    expect(agent.covers(held('theirs', 'ana', 'support'))).toBe(false)
  })

  test('of one’s own covers nothing of the team', () => {
    const own = reach(custom('own', [READ]))
    expect(own.teamIds).toEqual([])
    expect([own.covers(held('open', 'ana')), own.covers(held('open', null, 'support'))]).toEqual([
      true,
      false,
    ])
    const team = reach(custom('team', [READ]))
    expect([team.covers(held('open', null, 'support')), team.covers(held('open', 'ben'))]).toEqual([
      true,
      false,
    ])
  })

  test('touches channels of which at least some is in reach, and knows those that are whole or removed', () => {
    const agent = reachAmong(agentOf('agent'), READ, [...CHANNELS, channel('gone', { isRemoved: true })])
    const about = (id: string) => [agent.touches(id), agent.isWhole(id), agent.isRemoved(id)]
    expect(about('open')).toEqual([true, true, false])
    expect(about('quiet')).toEqual([true, false, false])
    expect(about('of sales')).toEqual([false, false, false])
    expect(about('gone')).toEqual([true, true, true])
    const owner = reachAmong(agentOf('owner'), READ, [channel('gone', { isRemoved: true }), channel('open')])
    expect([owner.isRemoved('gone'), owner.isRemoved('open')]).toEqual([true, false])
  })

  test('has the same mark for the same conversations, in any order, and another one for others', () => {
    const mark = (agent: Agent, channels = CHANNELS) => reachAmong(agent, READ, channels).mark
    const ana = agentOf('agent')
    expect(mark(ana)).toBe(mark(ana, CHANNELS.toReversed()))
    expect(mark(ana)).not.toBe(mark(agentOf('agent', { id: 'ben' })))
    expect(mark(ana)).not.toBe(mark(ana, CHANNELS.slice(1)))
    expect(mark(ana)).not.toBe(mark(ana, [...CHANNELS, channel('another', { visibility: 'assigned' })]))
    // Other teams count where conversations are shown by team, and nowhere else.
    const two = agentOf('agent', { teamIds: ['support', 'night'] })
    expect(mark(two)).not.toBe(mark(ana))
    expect(mark(two)).toBe(mark(agentOf('agent', { teamIds: ['night', 'support'] })))
    const open = [channel('open')]
    expect(mark(two, open)).toBe(mark(ana, open))
  })

  test('tells which channels show other conversations than before', () => {
    const before = reach(agentOf('agent'))
    const now = (agent: Agent, channels = CHANNELS) => reachAmong(agent, READ, channels).changedSince(before)
    expect(before.changedSince(before)).toEqual([])
    expect(now(agentOf('agent'))).toEqual([])
    expect(now(agentOf('agent'), CHANNELS.slice(1))).toEqual(['open'])
    expect(now(agentOf('supervisor'))).toEqual(['quiet'])
    expect(now(agentOf('agent', { teamIds: ['support', 'sales'] })).toSorted()).toEqual([
      'of sales',
      'quiet',
      'quiet of sales',
    ])
    expect(now(agentOf('agent', { teamIds: ['support', 'night'] }))).toEqual(['quiet'])
    expect(now(agentOf('agent', { id: 'ben' }))).toEqual(['quiet'])
    expect(now(agentOf('agent', { teamIds: [] })).toSorted()).toEqual(['of both', 'open', 'quiet'])
    const changed = CHANNELS.map((one) =>
      one.id === 'open' ? { ...one, visibility: 'assigned' as const } : one,
    )
    expect(now(agentOf('agent'), changed)).toEqual(['open'])
    const several = agentOf('agent', { teamIds: ['a', 'support', 'b'] })
    const turned = agentOf('agent', { teamIds: ['b', 'support', 'a'] })
    expect(reach(several).changedSince(reach(turned))).toEqual([])
  })
})

describe('a role', () => {
  test('that is custom and not there allows nothing', () => {
    const lost = agentOf('custom', { customRole: null })
    expect(roleOf(lost)).toEqual({ reach: 'own', permissions: [] })
    expect(PERMISSIONS.filter((permission) => may(lost, permission))).toEqual([])
    expect(roleOf(agentOf('owner'))).toBe(BUILT_IN_ROLES.owner)
    // A built-in one is what it is, whatever else the membership points to.
    const odd = agentOf('viewer', {
      customRole: { id: 'r', name: 'R', reach: 'workspace', permissions: [...PERMISSIONS] },
    })
    expect(roleOf(odd)).toBe(BUILT_IN_ROLES.viewer)
  })

  test('of each name allows what the page of roles says', () => {
    const allowed = (role: keyof typeof BUILT_IN_ROLES) => [...BUILT_IN_ROLES[role].permissions].sort()
    const answers = [
      'cannedReplies.manage',
      'contacts.change',
      'conversations.assign',
      'conversations.note',
      'conversations.read',
      'conversations.reply',
      'conversations.work',
    ]
    expect(allowed('owner')).toEqual([...PERMISSIONS].sort())
    expect(allowed('administrator')).toEqual(PERMISSIONS.filter((one) => one !== 'workspace.own').sort())
    expect(allowed('supervisor')).toEqual(
      [...answers, 'conversations.oversee', 'labels.manage'].sort() as Permission[],
    )
    expect(allowed('agent')).toEqual(answers as Permission[])
    expect(allowed('viewer')).toEqual(['conversations.read'])
    const reaches = Object.entries(BUILT_IN_ROLES).map(([name, role]) => `${name} ${role.reach}`)
    expect(reaches).toEqual([
      'owner workspace',
      'administrator workspace',
      'supervisor channel',
      'agent channel',
      'viewer channel',
    ])
  })

  test('holds another one when it reaches as far and allows all of it', () => {
    const { owner, administrator, agent, viewer } = BUILT_IN_ROLES
    expect([holds(owner, administrator), holds(administrator, owner)]).toEqual([true, false])
    expect([holds(agent, viewer), holds(viewer, agent), holds(agent, agent)]).toEqual([true, false, true])
    const far = { reach: 'workspace', permissions: [READ] } as const
    const near = { reach: 'own', permissions: [READ] } as const
    expect([holds(far, near), holds(near, far)]).toEqual([true, false])
    expect([...RELATIONS]).toEqual(['own', 'team', 'channel', 'workspace'])
  })

  test('that lacks a permission is told in a sentence of its own, with the permission', () => {
    for (const permission of PERMISSIONS) {
      expect(isPermission(permission)).toBe(true)
      expect(DENIED[permission]).toEndWith('.')
      const nobody = custom('workspace', [])
      const refusal = (() => {
        try {
          demand(nobody, permission)
        } catch (error) {
          return error
        }
      })()
      expect(refusal).toBeInstanceOf(Refusal)
      expect(refusal).toMatchObject({
        reason: 'FORBIDDEN',
        message: DENIED[permission],
        details: { permission },
      })
      expect(() => demand(custom('own', [permission]), permission)).not.toThrow()
    }
    for (const word of ['', 'conversations', 'conversations.rea', 'toString', 'owner'])
      expect(isPermission(word)).toBe(false)
  })
})
