import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { deadLetterPage, letterBoxOf, waitingLetterIds } from '../inbox/readDeadLetters.ts'
import { Refusal } from '../inbox/refusal.ts'
import { discardDeadLetter, type Replay, replayDeadLetter } from '../inbox/replayDeadLetter.ts'
import { writeAudit } from '../inbox/writeAudit.ts'
import type { Services } from './context.ts'
import { memberProcedure, router } from './init.ts'
import { storable } from './outgoingContent.ts'

const administratorProcedure = memberProcedure.use(async ({ next, ctx }) => {
  return next({ ctx: { ...ctx, box: await letterBoxOf(ctx.services.sql, ctx.agent.workspaceId) } })
})

/** A request may take half a minute; a page that goes on from where one ended shows how far it is. */
const REPLAY_WITHIN_MS = 5000

/** What could not be stored: never dropped, shown with its reason, and tried again when somebody says so. */
export const deadLettersRouter = router({
  /** A page of what waits for somebody, or of what was resolved, newest first. */
  list: administratorProcedure
    .input(
      z.object({
        isResolved: z.boolean().default(false),
        before: z.uuid().optional(),
        limit: z.number().int().min(1).max(100).default(50),
      }),
    )
    .query(({ ctx, input }) => deadLetterPage(ctx.services.sql, ctx.box, input)),

  /** Tries once more to store a letter; one that still can not be stored stays, with the reason. */
  replay: administratorProcedure.input(z.object({ id: z.uuid() })).mutation(async ({ ctx, input }) => {
    return replay(ctx.services, input.id, async (id, tx) => {
      // Before it is tried: the numbers of events come last in a transaction.
      const { workspaceId, id: actorId } = ctx.agent
      await writeAudit(tx, { workspaceId, actorId, action: 'dead_letter.replayed', details: input })
      return replayDeadLetter(tx, id, ctx.box, actorId, ctx.services.now())
    })
  }),

  /**
   * Tries letters that wait, oldest first, as many as fit into one request; those that still can not be stored stay, and are
   * counted. `next` is where to go on; null: all were tried. A letter that somebody resolves meanwhile is passed over.
   */
  replayAll: administratorProcedure
    .input(
      z.object({ reason: z.string().max(100).overwrite(storable).optional(), after: z.uuid().optional() }),
    )
    .mutation(async ({ ctx, input }) => {
      const { services, box, agent } = ctx
      const outcomes = { stored: 0, stillDead: 0, next: null as string | null }
      const startedAt = performance.now()
      for (const letterId of await waitingLetterIds(services.sql, box, input)) {
        const tried = await replay(services, letterId, (id, tx) =>
          replayDeadLetter(tx, id, box, agent.id, services.now()),
        ).catch(passOverResolved)
        if (tried?.outcome === 'stored') outcomes.stored += 1
        if (tried?.outcome === 'still_dead') outcomes.stillDead += 1
        if (performance.now() - startedAt > REPLAY_WITHIN_MS) return { ...outcomes, next: letterId }
      }
      return outcomes
    }),

  /** Sets a letter aside for good, with a note that says why. */
  discard: administratorProcedure
    .input(z.object({ id: z.uuid(), note: z.string().overwrite(storable).trim().min(1).max(500) }))
    .mutation(async ({ ctx, input }) => {
      const by = { agentId: ctx.agent.id, note: input.note }
      await ctx.services.sql.begin(async (tx) => {
        await discardDeadLetter(tx, input.id, ctx.box, by, ctx.services.now())
        const { workspaceId, id: actorId } = ctx.agent
        // The note stays with the letter: it may name somebody, and the log can never be made to forget them.
        const details = { id: input.id }
        await writeAudit(tx, { workspaceId, actorId, action: 'dead_letter.discarded', details })
      })
      return { id: input.id }
    }),
})

type Work = (letterId: string, tx: Parameters<Parameters<typeof repeatable>[1]>[0]) => Promise<Replay>

type Tried = { outcome: 'stored' } | Extract<Replay, { outcome: 'still_dead' }>

/** An item that the database itself refuses is still dead, and says why. */
async function replay({ sql, bell, log }: Services, letterId: string, work: Work): Promise<Tried> {
  try {
    const result = await repeatable(sql, (tx) => work(letterId, tx))
    if (result.outcome === 'still_dead') return result
    for (const workspaceId of result.workspaceIds) bell.ring('events', workspaceId)
    bell.ring('jobs')
    return { outcome: 'stored' }
  } catch (error) {
    if (error instanceof Refusal) throw error
    log.warn({ err: error, letterId }, 'a dead letter could not be stored')
    const detail = error instanceof Error ? error.message : null
    return { outcome: 'still_dead', reason: 'could_not_be_stored', detail }
  }
}

function passOverResolved(error: unknown): null {
  if (error instanceof Refusal && error.reason === 'NOT_FOUND') return null
  throw error
}
