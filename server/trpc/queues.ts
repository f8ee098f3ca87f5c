import { z } from 'zod'
import { repeatable } from '../../db/repeatable.ts'
import { countWaitingLetters, letterBoxOf } from '../inbox/readDeadLetters.ts'
import { JOB_NAMES, jobQueueStates, outboxState, retryFailedJobs } from '../inbox/readQueues.ts'
import { memberProcedure, router } from './init.ts'

/** What waits, where, and for how long: what an operator looks at first when something is slow. */
export const queuesRouter = router({
  /**
   * The stream of deliveries, the outbox of the workspace, the jobs of the installation and the dead letters, in numbers. `stream` null:
   * nothing was ever delivered; `isRedisAway`: it could not be asked.
   */
  read: memberProcedure.query(async ({ ctx: { agent, services } }) => {
    const { sql, log } = services
    const box = await letterBoxOf(sql, agent.workspaceId)
    const [stream, outbox, jobs, deadLetters] = await Promise.all([
      services.streamState().catch((err) => {
        log.warn({ err }, 'the stream can not be looked at')
        return 'away' as const
      }),
      outboxState(sql, agent.workspaceId),
      jobQueueStates(sql),
      countWaitingLetters(sql, box),
    ])
    return {
      stream:
        stream === 'away' || stream === null
          ? null
          : { ...stream, oldestWaitingAt: stream.oldestWaitingAt?.toISOString() ?? null },
      isRedisAway: stream === 'away',
      outbox,
      jobs,
      deadLetters,
      now: services.now().toISOString(),
    }
  }),

  /** Has the failed jobs of a queue tried again; answers with how many. */
  retry: memberProcedure
    .input(z.object({ queue: z.enum(JOB_NAMES) }))
    .mutation(async ({ ctx: { agent, services }, input }) => {
      const retried = await repeatable(services.sql, (tx) => retryFailedJobs(tx, agent, input.queue))
      services.bell.ring('jobs')
      return { retried }
    }),
})
