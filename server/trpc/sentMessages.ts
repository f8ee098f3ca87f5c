import { z } from 'zod'
import type { Transaction } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import type { Agent } from '../inbox/agent.ts'
import { cancelMessage } from '../inbox/cancelMessage.ts'
import type { Baton } from '../inbox/checkBaton.ts'
import { dismissMessage } from '../inbox/dismissMessage.ts'
import type { MessageRequest } from '../inbox/lockMessage.ts'
import { reachOf } from '../inbox/policy.ts'
import { conversationOfMessage } from '../inbox/readMessages.ts'
import { Refusal } from '../inbox/refusal.ts'
import { resolveMessage } from '../inbox/resolveMessage.ts'
import { retryMessage } from '../inbox/retryMessage.ts'
import type { MessageSnapshot } from '../inbox/snapshot.ts'
import { troubledMessages } from '../inbox/troubledMessages.ts'
import type { Services } from './context.ts'
import { positionCursor } from './cursors.ts'
import { memberProcedure } from './init.ts'
import { guardInput } from './sendInput.ts'

const messageId = z.uuid()

/** What agents do with messages that they have sent: part of the router of messages. */
export const sentMessagesProcedures = {
  /** Sends a failed message once more: a new attempt, which really sends. */
  retry: memberProcedure
    .input(z.object({ messageId, ...guardInput }))
    .mutation(({ ctx: { agent, services }, input }) =>
      answerAgain(services, agent, input, (tx, whose) =>
        retryMessage(tx, { ...whose, ...input }, services.now()),
      ),
    ),

  /** Decides about a message of which nobody knows whether it was sent. */
  resolve: memberProcedure
    .input(z.object({ messageId, decision: z.enum(['check', 'send_again', 'leave']), ...guardInput }))
    .mutation(({ ctx: { agent, services }, input }) =>
      answerAgain(services, agent, input, (tx, whose) =>
        resolveMessage(tx, { ...whose, ...input }, services.now()),
      ),
    ),

  /** Puts a failure, or a doubt, aside. */
  dismiss: memberProcedure
    .input(z.object({ messageId }))
    .mutation(({ ctx: { agent, services }, input }) =>
      change(services, agent, (tx, whose) => dismissMessage(tx, { ...whose, ...input }, services.now())),
    ),

  /** Calls a message back that has not left yet. */
  cancel: memberProcedure
    .input(z.object({ messageId }))
    .mutation(({ ctx: { agent, services }, input }) =>
      change(services, agent, (tx, whose) => cancelMessage(tx, { ...whose, ...input })),
    ),

  /** What failed or is in doubt across the inbox, newest first. */
  troubled: memberProcedure
    .input(
      z.object({
        cursor: positionCursor.optional(),
        limit: z.number().int().min(1).max(100).default(50),
      }),
    )
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      return troubledMessages(services.sql, { workspaceId: agent.workspaceId, reach }, input)
    }),
}

async function change(
  { sql, bell }: Services,
  agent: Agent,
  work: (tx: Transaction, whose: Omit<MessageRequest, 'messageId'>) => Promise<MessageSnapshot>,
): Promise<{ message: MessageSnapshot }> {
  const reach = await reachOf(sql, agent, 'conversations.reply')
  const message = await repeatable(sql, (tx) => work(tx, { agent, reach }))
  bell.ring('events', agent.workspaceId)
  bell.ring('outbox')
  return { message }
}

/** What sends again is checked like any answer: whose turn it is, and what was said meanwhile. */
async function answerAgain(
  services: Services,
  agent: Agent,
  { messageId, lock }: { messageId: string; lock?: number | null | undefined },
  work: (
    tx: Transaction,
    whose: Omit<MessageRequest, 'messageId'> & { baton: Baton },
  ) => Promise<MessageSnapshot>,
): Promise<{ message: MessageSnapshot }> {
  const conversationId = await conversationOfMessage(services.sql, messageId)
  if (conversationId === null) throw new Refusal('NOT_FOUND', 'There is no such message.')
  const baton = await services.locks.batonOf(agent, conversationId, lock ?? null)
  try {
    return await change(services, agent, (tx, whose) => work(tx, { ...whose, baton }))
  } catch (error) {
    throw await services.locks.explain(agent, conversationId, error)
  }
}
