import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { hashOfLink, makeLinkToken } from '../auth/linkToken.ts'
import { createPasswordHash, LONGEST_PASSWORD, SHORTEST_PASSWORD } from '../auth/password.ts'
import { acceptInvite, readInvite } from '../inbox/acceptInvite.ts'
import { readRoles } from '../inbox/customRoles.ts'
import { invite, openInvites, revokeInvite } from '../inbox/invites.ts'
import { readMembers } from '../inbox/readMembers.ts'
import { readPeople } from '../inbox/readPeople.ts'
import { removeFactors } from '../inbox/removeFactors.ts'
import { removeMember } from '../inbox/removeMember.ts'
import { updateMembers } from '../inbox/updateMembers.ts'
import { memberProcedure, publicProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

const agentId = z.uuid()
const teamIds = z.array(z.uuid()).max(200)
const token = z.string().min(20).max(100)
const role = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['owner', 'administrator', 'supervisor', 'agent', 'viewer']) }),
  z.object({ role: z.literal('custom'), roleId: z.uuid() }),
])
const personName = z.string().overwrite(storable).trim().min(1).max(120)
const email = z.email().max(254)

const MOST_AT_ONCE = 200

export const peopleRouter = router({
  /** The agents and teams of the workspace: whom a conversation can be given to, who can be mentioned. */
  list: memberProcedure.query(({ ctx: { agent, services } }) => readPeople(services.sql, agent.workspaceId)),

  /** The members as those see them who manage people, the invitations that can still be accepted, and the roles there are. */
  members: memberProcedure.query(async ({ ctx: { agent, services } }) => {
    const [members, invites, roles] = await Promise.all([
      readMembers(services.sql, agent.workspaceId),
      openInvites(services.sql, agent.workspaceId, services.now()),
      readRoles(services.sql, agent.workspaceId),
    ])
    return { members, invites, roles }
  }),

  /**
   * Makes a link that lets one person in, for seven days and once. `token` is shown this once: `/invite/{token}` on our own address
   * is the link. Nobody invites to more than they may themselves.
   */
  invite: memberProcedure
    .input(z.object({ email: email.nullable().default(null), role, teamIds: teamIds.default([]) }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const made = makeLinkToken()
      const invitation = { ...input, hash: made.hash }
      const kept = await repeatable(services.sql, (tx) => invite(tx, agent, invitation, services.now()))
      return { invite: kept, token: made.token }
    }),

  /** Takes an invitation back: its link opens nothing any more. */
  revokeInvite: memberProcedure
    .input(z.object({ inviteId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await repeatable(services.sql, (tx) => revokeInvite(tx, agent, input.inviteId, services.now()))
      return {}
    }),

  /** What an invitation invites to, for whoever has its link. Refused with NOT_FOUND when it is over. */
  invitation: publicProcedure
    .input(z.object({ token }))
    .query(({ ctx: { services }, input }) =>
      readInvite(services.sql, hashOfLink(input.token), services.now()),
    ),

  /** Makes the account of whoever has the link. They sign in with it afterwards; `email` is the address to do so. */
  acceptInvite: publicProcedure
    .input(
      z.object({
        token,
        name: personName,
        email: email.nullable().default(null),
        password: z.string().min(SHORTEST_PASSWORD).max(LONGEST_PASSWORD),
      }),
    )
    .mutation(async ({ ctx: { services }, input }) => {
      const hash = hashOfLink(input.token)
      // Before the password is hashed, which is meant to be slow.
      await readInvite(services.sql, hash, services.now())
      const passwordHash = await createPasswordHash(input.password)
      const accepting = { hash, name: input.name, email: input.email, passwordHash }
      const accepted = await repeatable(services.sql, (tx) => acceptInvite(tx, accepting, services.now()))
      return accepted
    }),

  /**
   * Changes members, one or up to 200: role, teams, whether they may sign in, how much they take. Who is deactivated is signed out
   * everywhere, and what was open with them goes back to the queue.
   */
  update: memberProcedure
    .input(
      z.object({
        agentIds: z.array(agentId).min(1).max(MOST_AT_ONCE),
        role: role.optional(),
        addTeamIds: teamIds.optional(),
        removeTeamIds: teamIds.optional(),
        isActive: z.boolean().optional(),
        capacity: z.number().int().min(1).max(1000).nullable().optional(),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const members = await repeatable(services.sql, (tx) => updateMembers(tx, agent, input, services.now()))
      services.bell.ring('events', agent.workspaceId)
      if (input.isActive === false) services.bell.ring('sessions')
      return { members }
    }),

  /**
   * Forgets the second factor and the passkeys of a colleague who has lost them: their password alone signs them in again, and they
   * are signed out everywhere.
   */
  removeFactors: memberProcedure
    .input(z.object({ agentId }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await repeatable(services.sql, (tx) => removeFactors(tx, agent, input.agentId))
      services.bell.ring('sessions')
      return {}
    }),

  /** Ends a membership: sessions, keys and sockets end at once. `returned`: how many conversations went back to the queue. */
  remove: memberProcedure
    .input(z.object({ agentId }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const answer = await repeatable(services.sql, (tx) =>
        removeMember(tx, agent, input.agentId, services.now()),
      )
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('sessions')
      return answer
    }),
})
