import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import type { Agent } from '../inbox/agent.ts'
import type { ConversationAction, ConversationWork } from '../inbox/decideWork.ts'
import { reachOf } from '../inbox/policy.ts'
import type { ConversationSnapshot } from '../inbox/snapshot.ts'
import { type WorkOutcome, type WorkRequest, workOnConversations } from '../inbox/workOnConversations.ts'
import type { Services } from './context.ts'
import { memberProcedure } from './init.ts'

const conversationId = z.uuid()
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const assigned = { assigneeId: z.uuid().nullish(), teamId: z.uuid().nullish() }
const labelled = { add: z.array(z.uuid()).max(50).default([]), remove: z.array(z.uuid()).max(50).default([]) }
const snoozed = { until: moment.nullable() }

const action = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('assign'), ...assigned }),
  z.object({ kind: z.literal('resolve') }),
  z.object({ kind: z.literal('reopen') }),
  z.object({ kind: z.literal('snooze'), ...snoozed }),
  z.object({ kind: z.literal('label'), ...labelled }),
  z.object({ kind: z.literal('markRead') }),
])

const work = z.object({
  status: z.enum(['open', 'snoozed', 'resolved']),
  snoozedUntil: z.iso.datetime({ offset: true }).nullable(),
  assigneeId: z.uuid().nullable(),
  teamId: z.uuid().nullable(),
  labelIds: z.array(z.uuid()).max(200),
  unreadCount: z.number().int().min(0).max(1_000_000),
}) satisfies z.ZodType<ConversationWork>

const MOST_AT_ONCE = 200

/**
 * What colleagues decide about conversations: part of the router of conversations. Each answers with what was `before`, which
 * `restore` takes for an undo.
 */
export const conversationWorkProcedures = {
  /** Gives it to an agent, a team, both or (null) nobody; what is left out stays. Refused with NOT_ASSIGNABLE. */
  assign: memberProcedure
    .input(z.object({ conversationId, ...assigned }))
    .mutation(({ ctx: { agent, services }, input: { conversationId: id, ...rest } }) =>
      workOnOne(services, agent, id, { kind: 'assign', ...rest }),
    ),

  /** Puts it away as done. It opens again when the customer writes. */
  resolve: memberProcedure
    .input(z.object({ conversationId }))
    .mutation(({ ctx: { agent, services }, input }) =>
      workOnOne(services, agent, input.conversationId, { kind: 'resolve' }),
    ),

  /** Opens what was resolved or snoozed. */
  reopen: memberProcedure
    .input(z.object({ conversationId }))
    .mutation(({ ctx: { agent, services }, input }) =>
      workOnOne(services, agent, input.conversationId, { kind: 'reopen' }),
    ),

  /** Puts it away until a moment, or (null) until the customer writes, which ends every snooze. */
  snooze: memberProcedure
    .input(z.object({ conversationId, ...snoozed }))
    .mutation(({ ctx: { agent, services }, input: { conversationId: id, until } }) =>
      workOnOne(services, agent, id, { kind: 'snooze', until }),
    ),

  /** Marks it with labels, and takes others off. */
  label: memberProcedure
    .input(z.object({ conversationId, ...labelled }))
    .mutation(({ ctx: { agent, services }, input: { conversationId: id, ...rest } }) =>
      workOnOne(services, agent, id, { kind: 'label', ...rest }),
    ),

  /** The same for up to 200 of them. What is refused for one is done for the others. */
  bulk: memberProcedure
    .input(z.object({ ids: z.array(conversationId).min(1).max(MOST_AT_ONCE), action }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const ids = [...new Set(input.ids)]
      const wanted = ids.map((id) => ({ conversationId: id, action: input.action }))
      return inLists(await workOn(services, agent, wanted))
    }),

  /** Puts conversations back as they were `before`: the undo of the others, one or many. */
  restore: memberProcedure
    .input(
      z.object({
        conversations: z
          .array(z.object({ conversationId, before: work }))
          .min(1)
          .max(MOST_AT_ONCE),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const byId = new Map(input.conversations.map((one) => [one.conversationId, one.before]))
      const wanted = [...byId].map(([id, before]) => {
        return { conversationId: id, action: { kind: 'restore' as const, before } }
      })
      return inLists(await workOn(services, agent, wanted))
    }),
}

async function workOn(
  services: Services,
  agent: Agent,
  wanted: WorkRequest['wanted'],
): Promise<WorkOutcome[]> {
  const isAssigning = wanted.every((one) => one.action.kind === 'assign')
  const permission = isAssigning ? 'conversations.assign' : 'conversations.work'
  const reach = await reachOf(services.sql, agent, permission)
  const request = { agent, reach, wanted }
  const outcomes = await repeatable(services.sql, (tx) => workOnConversations(tx, request, services.now()))
  services.bell.ring('events', agent.workspaceId)
  return outcomes
}

async function workOnOne(
  services: Services,
  agent: Agent,
  id: string,
  wanted: ConversationAction,
): Promise<{ before: ConversationWork; conversation: ConversationSnapshot }> {
  const [outcome] = await workOn(services, agent, [{ conversationId: id, action: wanted }])
  if (!outcome) throw new Error('A decision has no outcome')
  if ('refused' in outcome) throw outcome.refused
  return { before: outcome.before, conversation: outcome.conversation }
}

function inLists(outcomes: WorkOutcome[]) {
  return {
    changed: outcomes.flatMap((one) => ('refused' in one ? [] : [one])),
    refused: outcomes.flatMap((one) =>
      'refused' in one
        ? [{ conversationId: one.conversationId, reason: one.refused.reason, message: one.refused.message }]
        : [],
    ),
  }
}
