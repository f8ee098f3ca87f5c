import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { lastSeq } from '../inbox/commitWithEvents.ts'
import { conversationPage } from '../inbox/conversationPage.ts'
import { countViews } from '../inbox/countViews.ts'
import { survivorsOf } from '../inbox/joinedConversations.ts'
import { markRead } from '../inbox/markRead.ts'
import { reachOf } from '../inbox/policy.ts'
import { conversationInReach } from '../inbox/readConversations.ts'
import { readTrail } from '../inbox/readTrail.ts'
import { Refusal } from '../inbox/refusal.ts'
import { conversationWith, startConversation } from '../inbox/startConversation.ts'
import { conversationWorkProcedures } from './conversationWork.ts'
import { memberProcedure, router } from './init.ts'
import { listInput } from './listInput.ts'
import { storable, templateInput } from './outgoingContent.ts'

const conversationId = z.uuid()

export const conversationsRouter = router({
  ...conversationWorkProcedures,

  /**
   * A page of a view, filtered and sorted; the page below it is asked for with its `nextCursor` as `before`. `cursor` is where to
   * follow the feed from: it was read before the rows were. The counts are of the views, whatever the filters.
   */
  list: memberProcedure.input(listInput).query(async ({ ctx: { agent, services }, input }) => {
    const { sql } = services
    const { view, sort, before, limit, ...filters } = input
    const reach = await reachOf(sql, agent, 'conversations.read')
    const cursor = await lastSeq(sql, agent.workspaceId)
    const of = { workspaceId: agent.workspaceId, agentId: agent.id, reach }
    const [page, counts] = await Promise.all([
      conversationPage(sql, { ...of, view, filters, sort }, { before, limit }, services.now()),
      countViews(sql, of),
    ])
    return { ...page, counts, cursor }
  }),

  /** One conversation, as it stands in the list. Of one that became part of another, `details.into` of the refusal is the other. */
  get: memberProcedure
    .input(z.object({ conversationId }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      const conversation = await conversationInReach(services.sql, input.conversationId, reach)
      if (conversation === null) {
        const into = (await survivorsOf(services.sql, [input.conversationId])).get(input.conversationId)
        const sentence = 'There is no such conversation, or it is not yours to see.'
        throw new Refusal('NOT_FOUND', sentence, into ? { into } : null)
      }
      return conversation
    }),

  /**
   * Writes to a number first, with a template. A number that is known gets it in the conversation that there is. The same
   * `clientMessageId` again gives the same message. Refused with `LOCKED` while somebody else holds that conversation.
   */
  start: memberProcedure
    .input(
      z.object({
        channelId: z.uuid(),
        phone: z.string().max(40),
        name: z.string().max(200).overwrite(storable).optional(),
        clientMessageId: z.uuid(),
        content: templateInput,
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.reply')
      const known = await conversationWith(services.sql, { ...input, workspaceId: agent.workspaceId })
      const baton = known === null ? undefined : await services.locks.batonOf(agent, known, null)
      const request = { ...input, agent, reach, baton }
      const message = await repeatable(services.sql, (tx) =>
        startConversation(tx, request, services.now()),
      ).catch(async (error: unknown) => {
        throw known === null ? error : await services.locks.explain(agent, known, error)
      })
      services.bell.ring('events', agent.workspaceId)
      services.bell.ring('outbox')
      const conversation = await conversationInReach(services.sql, message.conversationId, reach)
      if (conversation === null) throw new Error('A conversation that was just started is gone')
      return { conversation, message }
    }),

  /** Sets the unread count to zero, for the whole team. Blue ticks go to the customer as the channel's setting says. */
  markRead: memberProcedure
    .input(z.object({ conversationId }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.work')
      const conversation = await repeatable(services.sql, (tx) => markRead(tx, { ...input, reach }))
      services.receipts.opened(input.conversationId)
      services.bell.ring('events', agent.workspaceId)
      return { conversation }
    }),

  /** What happened to the conversation beside its messages: takeovers of the reply lock and the like, newest first. */
  trail: memberProcedure
    .input(z.object({ conversationId }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      const conversation = await conversationInReach(services.sql, input.conversationId, reach)
      if (conversation === null)
        throw new Refusal('NOT_FOUND', 'There is no such conversation, or it is not yours to see.')
      return { entries: await readTrail(services.sql, input.conversationId) }
    }),
})
