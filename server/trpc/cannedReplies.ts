import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { fillCanned } from '../inbox/cannedPlaces.ts'
import { readCannedReplies, removeCannedReply, saveCannedReply } from '../inbox/cannedReplies.ts'
import { reachOf } from '../inbox/policy.ts'
import { conversationInReach } from '../inbox/readConversations.ts'
import { Refusal } from '../inbox/refusal.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

const cannedReplyId = z.uuid()

/** What the team writes again and again. Everybody may add to it. */
export const cannedRepliesRouter = router({
  /** All of the workspace, by shortcut. Their bodies have places such as `{{contact.name}}`: see `fill`. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => ({
    cannedReplies: await readCannedReplies(services.sql, agent.workspaceId),
  })),

  /** One as it would be sent in this conversation. `missing`: places that we know nothing for, and that stay empty; `gaps`: where in `text`. */
  fill: memberProcedure
    .input(z.object({ cannedReplyId, conversationId: z.uuid() }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      const [replies, conversation] = await Promise.all([
        readCannedReplies(services.sql, agent.workspaceId),
        conversationInReach(services.sql, input.conversationId, reach),
      ])
      const reply = replies.find((one) => one.id === input.cannedReplyId)
      if (!reply || !conversation) throw new Refusal('NOT_FOUND', 'There is no such reply or conversation.')
      return fillCanned(reply.body, { contact: conversation.contact, agent })
    }),

  /** Makes one; with `cannedReplyId`, changes that one. Refused with NAME_TAKEN, and INPUT_INVALID for a place that nothing fills. */
  save: memberProcedure
    .input(
      z.object({
        cannedReplyId: cannedReplyId.optional(),
        shortcut: z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u, 'Letters, digits, - and _'),
        title: z.string().overwrite(storable).trim().min(1).max(100),
        body: z.string().max(4096).overwrite(storable).trim().min(1),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const cannedReply = await repeatable(services.sql, (tx) =>
        saveCannedReply(tx, agent, input, services.now()),
      )
      services.bell.ring('events', agent.workspaceId)
      return { cannedReply }
    }),

  /** Removes one. */
  remove: memberProcedure
    .input(z.object({ cannedReplyId }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      await repeatable(services.sql, (tx) => removeCannedReply(tx, agent, input.cannedReplyId))
      services.bell.ring('events', agent.workspaceId)
      return {}
    }),
})
