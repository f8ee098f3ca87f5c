import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { placeInReach } from '../inbox/placeInReach.ts'
import { reachOf } from '../inbox/policy.ts'
import { waitingScheduled } from '../inbox/readScheduled.ts'
import { rescheduleMessage } from '../inbox/rescheduleMessage.ts'
import { scheduleMessage } from '../inbox/scheduleMessage.ts'
import { unscheduleMessage } from '../inbox/unscheduleMessage.ts'
import type { OutgoingContent } from '../whatsapp/outgoingContent.ts'
import { memberProcedure } from './init.ts'
import { outgoingContent, storable } from './outgoingContent.ts'

const MOST_WAITING = 500
const moment = z.iso.datetime({ offset: true }).transform((text) => new Date(text))

/** Messages that are sent later: part of the router of messages. */
export const scheduledMessagesProcedures = {
  /**
   * Has a message sent at `sendAt`, by the rules of that moment: refused then, it stays with the reason. `isBeyondWindow` says that
   * the window will be closed unless the customer writes before. Safe to repeat with the same `clientMessageId`.
   */
  schedule: memberProcedure
    .input(
      z
        .object({
          conversationId: z.uuid(),
          clientMessageId: z.uuid(),
          body: z.string().max(20_000).overwrite(storable).optional(),
          content: outgoingContent.optional(),
          quotedMessageId: z.uuid().optional(),
          sendAt: moment,
        })
        .refine(({ body, content }) => (body === undefined) !== (content === undefined), {
          message: 'Give either `body` or `content`.',
        }),
    )
    .mutation(async ({ ctx: { agent, services }, input: { body = '', ...input } }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.reply')
      const content: OutgoingContent = input.content ?? { kind: 'text', text: body }
      const request = { ...input, content, agent, reach }
      const scheduled = await repeatable(services.sql, (tx) => scheduleMessage(tx, request, services.now()))
      services.bell.ring('events', agent.workspaceId)
      return { scheduled }
    }),

  /** Gives one that waits, or was refused, another moment; `sendAt` null: now. Refused with WRONG_STATE when it is on its way or over. */
  reschedule: memberProcedure
    .input(z.object({ scheduledId: z.uuid(), sendAt: moment.nullable() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.reply')
      const request = { ...input, agent, reach }
      const scheduled = await repeatable(services.sql, (tx) => rescheduleMessage(tx, request, services.now()))
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('jobs')
      return { scheduled }
    }),

  /** Calls one off, or puts one aside that was refused. */
  unschedule: memberProcedure
    .input(z.object({ scheduledId: z.uuid() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.reply')
      const request = { ...input, agent, reach }
      const scheduled = await repeatable(services.sql, (tx) => unscheduleMessage(tx, request, services.now()))
      services.bell.ring('events', agent.workspaceId)
      return { scheduled }
    }),

  /** What waits for its time or was refused, the next one first: of a conversation, or all of whoever asks. */
  scheduled: memberProcedure
    .input(z.object({ conversationId: z.uuid().optional() }))
    .query(async ({ ctx: { agent, services }, input: { conversationId } }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      if (conversationId) await placeInReach(services.sql, conversationId, reach)
      const of = { agentId: agent.id, conversationId, reach }
      return { scheduled: await waitingScheduled(services.sql, of, MOST_WAITING) }
    }),
}
