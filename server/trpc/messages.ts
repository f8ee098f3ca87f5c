import { z } from 'zod'
import { channelsInReach, mayReadRaw } from '../inbox/policy.ts'
import { conversationInReach } from '../inbox/readConversations.ts'
import { messagePage, rawMessage } from '../inbox/readMessages.ts'
import { Refusal } from '../inbox/refusal.ts'
import { memberProcedure, router } from './init.ts'
import { sendInput } from './sendInput.ts'
import { sentMessagesProcedures } from './sentMessages.ts'

export const messagesRouter = router({
  ...sentMessagesProcedures,

  /** A page of the thread, upwards from `before`, or its newest end. */
  list: memberProcedure
    .input(
      z.object({
        conversationId: z.uuid(),
        before: z.string().max(64).optional(),
        limit: z.number().int().min(1).max(200).default(60),
      }),
    )
    .query(async ({ ctx: { agent, services }, input }) => {
      const channelIds = await channelsInReach(services.sql, agent)
      const conversation = await conversationInReach(services.sql, input.conversationId, channelIds)
      if (conversation === null)
        throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
      return messagePage(services.sql, input.conversationId, input)
    }),

  /**
   * Queues a text for the customer. `clientMessageId` makes it safe to repeat: the same id gives the same message, once.
   * Refused with `WINDOW_CLOSED` when the customer last wrote more than 24 hours ago.
   */
  send: memberProcedure.input(sendInput).mutation(async ({ ctx: { agent, services }, input }) => {
    const channelIds = await channelsInReach(services.sql, agent)
    if (input.content.kind !== 'text') throw new Refusal('MESSAGE_INVALID', 'Only text can be sent yet.')
    const message = await services.send({ ...input, body: input.content.text, agent, channelIds })
    services.bell.ring('events', agent.workspaceId)
    services.bell.ring('outbox')
    return { message }
  }),

  /** The message as WhatsApp delivered it; kept for the kinds that Baton does not fully understand. */
  raw: memberProcedure
    .input(z.object({ messageId: z.uuid() }))
    .query(async ({ ctx: { agent, services }, input }) => {
      if (!mayReadRaw(agent)) throw new Refusal('FORBIDDEN', 'Only administrators can see raw messages.')
      const message = await rawMessage(services.sql, input.messageId)
      const channelIds = await channelsInReach(services.sql, agent)
      if (message === null || !channelIds.includes(message.channelId)) {
        throw new Refusal('NOT_FOUND', 'There is no such message.')
      }
      return { raw: message.raw }
    }),
})
