import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { addNote } from '../inbox/addNote.ts'
import { reachOf } from '../inbox/policy.ts'
import { markMentionsRead, mentionPage } from '../inbox/readMentions.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

const conversationId = z.uuid()

/** What colleagues say among themselves in a thread. A note is a message of direction `note`; WhatsApp never sees it. */
export const notesRouter = router({
  /**
   * Writes a note. `mentions`: the ids of the agents whose names stand in it with an `@`; refused with NOT_ASSIGNABLE when one of
   * them can not see the conversation. Safe to repeat with the same `clientMessageId`.
   */
  add: memberProcedure
    .input(
      z.object({
        conversationId,
        clientMessageId: z.uuid(),
        text: z.string().max(10_000).overwrite(storable).trim().min(1),
        mentions: z.array(z.uuid()).max(50).default([]),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input: { mentions: mentionIds, ...input } }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.note')
      const request = { ...input, mentionIds, agent, reach }
      const message = await repeatable(services.sql, (tx) => addNote(tx, request, services.now()))
      services.bell.ring('events', agent.workspaceId)
      return { message }
    }),

  /** The notes that mention whoever asks, newest first. */
  mentions: memberProcedure
    .input(
      z.object({
        onlyUnread: z.boolean().default(false),
        cursor: z.uuid().optional(),
        limit: z.number().int().min(1).max(100).default(50),
      }),
    )
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      return mentionPage(services.sql, { agentId: agent.id, reach }, input)
    }),

  /** Whoever asks has seen the notes of this conversation that mention them. */
  markRead: memberProcedure
    .input(z.object({ conversationId }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      const request = { ...input, agent, reach }
      const read = await repeatable(services.sql, (tx) => markMentionsRead(tx, request, services.now()))
      services.bell.ring('events', agent.workspaceId)
      return { read }
    }),
})
