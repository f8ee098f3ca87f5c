import { z } from 'zod'
import { presentId } from '../inbox/joinedConversations.ts'
import { messageHistory } from '../inbox/messageHistory.ts'
import { messagePage } from '../inbox/messagePage.ts'
import { placeInReach } from '../inbox/placeInReach.ts'
import { reachOf } from '../inbox/policy.ts'
import { conversationOfMessage, rawMessage } from '../inbox/readMessages.ts'
import { isRefusedAs, Refusal } from '../inbox/refusal.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'
import { scheduledMessagesProcedures } from './scheduledMessages.ts'
import { sendInput } from './sendInput.ts'
import { sentMessagesProcedures } from './sentMessages.ts'

/** One emoji, as WhatsApp wants it; a heart may come without its variation selector. */
const emoji = z.string().regex(/^(?:\p{RGI_Emoji}|\p{Extended_Pictographic})$/v, 'Give one emoji')

export const messagesRouter = router({
  ...sentMessagesProcedures,
  ...scheduledMessagesProcedures,

  /**
   * A page of the thread: its newest end, upwards from `before`, downwards from `after` (positions), or on both sides of `around`: a
   * position, the id of a message, a wamid (to jump to what is quoted) or a moment (to jump to a date). `anchorId` is the message
   * that was jumped to; `newerCount` how many stand below the page, 1,000 at most (null where it was not counted). With the newest
   * end, `late` names the customer's unread messages that arrived long after they were sent, wherever they stand.
   */
  list: memberProcedure
    .input(
      z.object({
        conversationId: z.uuid(),
        before: z.string().max(64).overwrite(storable).optional(),
        after: z.string().max(64).overwrite(storable).optional(),
        around: z.string().overwrite(storable).min(1).max(200).optional(),
        limit: z.number().int().min(1).max(200).default(60),
      }),
    )
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      await placeInReach(services.sql, input.conversationId, reach)
      return messagePage(services.sql, input.conversationId, input)
    }),

  /**
   * Queues a message of any kind for the customer. `clientMessageId` makes it safe to repeat: the same id gives the same
   * message, once. Refused with `LOCKED` while somebody else holds the reply lock, with `LOCK_LOST` when `lock` is not current
   * any more, with `COLLEAGUE_REPLIED` when somebody answered after `seenSeq`, and with `WINDOW_CLOSED` when the customer last
   * wrote more than 24 hours ago and it is no template.
   */
  send: memberProcedure.input(sendInput).mutation(async ({ ctx: { agent, services }, input }) => {
    const { conversationId, lock = null, ...rest } = input
    const reach = await reachOf(services.sql, agent, 'conversations.reply')
    const sendTo = async (id: string, fence: number | null) => {
      const baton = await services.locks.batonOf(agent, id, fence)
      const request = { ...rest, conversationId: id, agent, reach, baton }
      return services.send(request).catch(async (error: unknown) => {
        throw await services.locks.explain(agent, id, error)
      })
    }
    const message = await sendTo(conversationId, lock).catch(async (error: unknown) => {
      // It became part of another one while this was on its way, where no lock of the old one counts.
      const present = await presentId(services.sql, conversationId)
      if (present === conversationId || !isRefusedAs(error, 'NOT_FOUND')) throw error
      return sendTo(present, null)
    })
    services.presence.hasSent(agent, message.conversationId)
    services.bell.ring('events', agent.workspaceId)
    services.bell.ring('outbox')
    services.receipts.answered(message.conversationId)
    return { message }
  }),

  /** Reacts to a message in the name of the business, which has one reaction to each; `emoji` null takes it back. */
  react: memberProcedure
    .input(z.object({ messageId: z.uuid(), emoji: emoji.nullable() }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.reply')
      const conversationId = await conversationOfMessage(services.sql, input.messageId)
      if (conversationId === null) throw new Refusal('NOT_FOUND', 'There is no such message.')
      const content = { kind: 'reaction' as const, ...input }
      const clientMessageId = Bun.randomUUIDv7()
      const message = await services.send({ conversationId, clientMessageId, content, agent, reach })
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('outbox')
      return { message }
    }),

  /** All that a message said, first to last, when it was edited or taken back. */
  history: memberProcedure
    .input(z.object({ messageId: z.uuid() }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      return messageHistory(services.sql, { ...input, reach })
    }),

  /** The message as WhatsApp delivered it; kept for the kinds that Baton does not fully understand. */
  raw: memberProcedure
    .input(z.object({ messageId: z.uuid() }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'messages.raw')
      const message = await rawMessage(services.sql, input.messageId)
      if (message === null || !reach.covers(message)) {
        throw new Refusal('NOT_FOUND', 'There is no such message.')
      }
      return { raw: message.raw }
    }),
})
