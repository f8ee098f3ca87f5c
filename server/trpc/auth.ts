import { eq } from 'drizzle-orm'
import { channels, teamMembers, teams, workspaces } from '../../db/schema/index.ts'
import { AGENTS, DEMO_PASSWORD } from '../../db/seed/people.ts'
import type { Agent } from '../inbox/agent.ts'
import { may, reachOf } from '../inbox/policy.ts'
import { PERMISSIONS, type Permission } from '../inbox/role.ts'
import { memberProcedure, publicProcedure, router } from './init.ts'

/** Who am I, and what is this place. Signing in and out are better-auth's routes under `/api/auth`. */
export const authRouter = router({
  /** The demo's accounts, for the sign-in page; null outside the demo. */
  demo: publicProcedure.query(({ ctx }) =>
    ctx.services.isDemo
      ? { accounts: Object.values(AGENTS).map(demoAccount), password: DEMO_PASSWORD }
      : null,
  ),

  /** What the company's own sign-in is called, for its button on the sign-in page; null when there is none. */
  provider: publicProcedure.query(({ ctx }) =>
    ctx.services.providerName === null ? null : { name: ctx.services.providerName },
  ),

  /**
   * Who asks: the agent, what their role allows, their workspace, teams, and the channels of which they may see conversations.
   * `reachMark` goes to `live.feed`. A browser whose session has to be renewed gets its new token here, for every tab asks this when
   * people change.
   */
  me: memberProcedure.query(async ({ ctx: { agent, services, credential, setCookie } }) => {
    const { db, sql } = services
    const reach = await reachOf(sql, agent, 'conversations.read')
    if (credential.kind === 'session' && setCookie) {
      const cookie = await services.tokens.renewWhereDue(credential.sessionId)
      if (cookie) setCookie(cookie)
    }
    const [workspace, ownTeams, allChannels] = await Promise.all([
      db
        .select({ id: workspaces.id, name: workspaces.name })
        .from(workspaces)
        .where(eq(workspaces.id, agent.workspaceId)),
      db
        .select({ id: teams.id, name: teams.name })
        .from(teams)
        .innerJoin(teamMembers, eq(teamMembers.teamId, teams.id))
        .where(eq(teamMembers.agentId, agent.id)),
      db
        .select({ id: channels.id, name: channels.name, displayPhoneNumber: channels.displayPhoneNumber })
        .from(channels)
        .where(eq(channels.workspaceId, agent.workspaceId)),
    ])
    return {
      agent: {
        id: agent.id,
        name: agent.name,
        email: agent.email,
        role: agent.role,
        roleName: agent.customRole?.name ?? null,
      },
      may: permissionsOf(agent),
      workspace: workspace[0] ?? { id: agent.workspaceId, name: '' },
      teams: ownTeams,
      channels: allChannels.filter((channel) => reach.touches(channel.id)),
      reachMark: reach.mark,
    }
  }),
})

function demoAccount({ name, email, role, teams }: (typeof AGENTS)[keyof typeof AGENTS]) {
  return { name, email, note: role === 'administrator' ? 'Administrator' : `Team ${teams.join(', ')}` }
}

/** Every permission, and whether the agent has it. */
function permissionsOf(agent: Agent): Record<Permission, boolean> {
  const entries = PERMISSIONS.map((permission) => [permission, may(agent, permission)] as const)
  return Object.fromEntries(entries) as Record<Permission, boolean>
}
