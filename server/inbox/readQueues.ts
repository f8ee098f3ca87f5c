import type { Queryable, Transaction } from '../../db/client.ts'
import { JOB_QUEUES, JOB_SCHEDULES, JOBS_SCHEMA, type JobQueue } from '../../db/jobQueues.ts'
import type { Agent } from './agent.ts'
import { writeAudit } from './writeAudit.ts'

/** What waits to go out, of one workspace. */
export type OutboxState = {
  queued: number
  sending: number
  /** Nobody knows whether they arrived; somebody is asked. */
  unknown: number
  /** Did not arrive, and nobody put them aside. */
  failed: number
  /** When the one that waits longest was written. */
  oldestQueuedAt: string | null
}

/** One kind of job, of the whole installation. */
export type JobQueueState = {
  queue: JobQueue
  /** Due, and not begun. */
  waiting: number
  /** Not due yet: for a later moment, or for another try. */
  later: number
  active: number
  /** Given up: nobody tries them again by themselves. */
  failed: number
  /** When the oldest of those that wait was due. */
  oldestWaitingAt: string | null
  /** When one was done last, of those that are still remembered. */
  lastDoneAt: string | null
  /** Why one did not work, of those that failed or are tried again; the newest. */
  lastTrouble: string | null
  /** As cron has it, in UTC; null: it gets jobs when something happens. */
  cron: string | null
}

export async function outboxState(sql: Queryable, workspaceId: string): Promise<OutboxState> {
  // Both by an index of few rows: this is asked every few seconds, and the tables are long.
  const [row] = await sql<(Omit<OutboxState, 'oldestQueuedAt'> & { oldestQueuedAt: Date | null })[]>`
    select line.*, troubled.* from (
      select count(*) filter (where state = 'queued')::int as queued, count(*) filter (where state = 'sending')::int as sending,
        min(created_at) filter (where state = 'queued') as oldest_queued_at
      from outbox where state in ('queued', 'sending') and workspace_id = ${workspaceId}
    ) line cross join (
      select count(*) filter (where status = 'unknown')::int as unknown, count(*) filter (where status = 'failed')::int as failed
      from messages
      where workspace_id = ${workspaceId} and direction = 'out' and status in ('failed', 'unknown') and dismissed_at is null
    ) troubled`
  if (!row) throw new Error('Nothing was counted')
  return { ...row, oldestQueuedAt: row.oldestQueuedAt?.toISOString() ?? null }
}

type JobRow = Omit<JobQueueState, 'cron' | 'oldestWaitingAt' | 'lastDoneAt'> & {
  oldestWaitingAt: Date | null
  lastDoneAt: Date | null
}

const NO_JOBS: Omit<JobRow, 'queue'> = {
  waiting: 0,
  later: 0,
  active: 0,
  failed: 0,
  oldestWaitingAt: null,
  lastDoneAt: null,
  lastTrouble: null,
}

/** Every queue, also those without a job. Jobs carry ids only, and not even those are told. */
export async function jobQueueStates(sql: Queryable): Promise<JobQueueState[]> {
  const rows = await sql<JobRow[]>`
    select name as queue,
      count(*) filter (where state in ('created', 'retry') and start_after <= now())::int as waiting,
      count(*) filter (where state in ('created', 'retry') and start_after > now())::int as later,
      count(*) filter (where state = 'active')::int as active,
      count(*) filter (where state = 'failed')::int as failed,
      min(start_after) filter (where state in ('created', 'retry') and start_after <= now()) as oldest_waiting_at,
      max(completed_on) filter (where state = 'completed') as last_done_at,
      left((array_agg(coalesce(output ->> 'message', output #>> '{value}') order by coalesce(completed_on, started_on) desc nulls last)
        filter (where state in ('failed', 'retry') and output is not null))[1], 300) as last_trouble
    from ${sql(JOBS_SCHEMA)}.job where name = any(${Object.keys(JOB_QUEUES)}) group by name`
  return JOB_NAMES.map((queue): JobQueueState => {
    const found = rows.find((one) => one.queue === queue) ?? { ...NO_JOBS, queue }
    const { oldestWaitingAt, lastDoneAt, ...row } = found
    return {
      ...row,
      oldestWaitingAt: oldestWaitingAt?.toISOString() ?? null,
      lastDoneAt: lastDoneAt?.toISOString() ?? null,
      cron: JOB_SCHEDULES[queue] ?? null,
    }
  })
}

/** In the order of the page. */
export const JOB_NAMES = [
  'media.download',
  'message.send',
  'conversation.wake',
  'media.remove',
  'data.retain',
] as const satisfies JobQueue[]

/** Has the failed jobs of a queue tried again, each once more than it was to be. Answers with how many. Ring the bell `jobs` after the commit. */
export async function retryFailedJobs(
  tx: Transaction,
  { workspaceId, id: actorId }: Pick<Agent, 'workspaceId' | 'id'>,
  queue: JobQueue,
): Promise<number> {
  const retried = await tx`
    update ${tx(JOBS_SCHEMA)}.job set state = 'retry', retry_limit = retry_limit + 1, start_after = now(), completed_on = null
    where name = ${queue} and state = 'failed'`
  const details = { queue, jobs: retried.count }
  if (retried.count > 0) await writeAudit(tx, { workspaceId, actorId, action: 'jobs.retried', details })
  return retried.count
}
