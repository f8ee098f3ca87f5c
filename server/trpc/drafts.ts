import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { readDraft, readDrafts, saveDraft } from '../inbox/drafts.ts'
import { placeInReach } from '../inbox/placeInReach.ts'
import { reachOf } from '../inbox/policy.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

const conversationId = z.uuid()
const MOST_DRAFTS = 500

/** What an agent is writing, on all their devices. Nobody else sees it. */
export const draftsRouter = router({
  /**
   * What is being written in a conversation: an answer (`draft`) and a private `note`. Null when there never was one, an empty body
   * when it was sent or thrown away.
   */
  get: memberProcedure
    .input(z.object({ conversationId }))
    .query(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(services.sql, agent, 'conversations.read')
      await placeInReach(services.sql, input.conversationId, reach)
      return readDraft(services.sql, agent.id, input.conversationId)
    }),

  /** All that whoever asks has begun and not sent, newest first. */
  list: memberProcedure.query(async ({ ctx: { agent, services } }) => {
    const reach = await reachOf(services.sql, agent, 'conversations.read')
    return { drafts: await readDrafts(services.sql, { agent, reach }, MOST_DRAFTS) }
  }),

  /**
   * Keeps a draft; an empty body once it was sent. The answer and the note of a conversation are kept side by side. `version` is that of the draft it was written on from. The last writer wins, and
   * is told in `replaced` what another device had saved meanwhile.
   */
  save: memberProcedure
    .input(
      z.object({
        conversationId,
        body: z.string().max(20_000).overwrite(storable),
        isNote: z.boolean().default(false),
        quotedMessageId: z.uuid().nullable().default(null),
        version: z.number().int().min(0).default(0),
      }),
    )
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const reach = await reachOf(
        services.sql,
        agent,
        input.isNote ? 'conversations.note' : 'conversations.reply',
      )
      return repeatable(services.sql, (tx) => saveDraft(tx, { ...input, agent, reach }, services.now()))
    }),
})
