import type { Transaction } from './client.ts'
import { JOBS_SCHEMA, type JobOf, type JobQueue } from './jobQueues.ts'
import { unnest } from './unnest.ts'

/**
 * Puts jobs into a queue, in the transaction of what they are about: they exist exactly when that does. One statement, and
 * none for no jobs. Ring the bell `jobs` after the commit. `dueAt`: when a job may begin, null for now.
 *
 * Written as SQL because pg-boss enqueues only from an instance that runs, with a pool and timers, and not through our
 * driver. It is the insert of pg-boss 12: what a job inherits, it inherits from its queue's row.
 */
export async function enqueueJobs<Queue extends JobQueue>(
  tx: Transaction,
  queue: Queue,
  jobs: readonly JobOf[Queue][],
  dueAt: (job: JobOf[Queue]) => Date | null = () => null,
): Promise<void> {
  if (jobs.length === 0) return
  const rows = jobs.map((data) => ({ data, dueAt: dueAt(data) }))
  await tx`
    insert into ${tx(JOBS_SCHEMA)}.job (name, data, start_after, keep_until, policy, dead_letter, expire_seconds, deletion_seconds,
      retry_limit, retry_delay, retry_backoff, retry_delay_max, heartbeat_seconds)
    select q.name, r.data::jsonb, coalesce(r."dueAt", now()), coalesce(r."dueAt", now()) + q.retention_seconds * interval '1 second', q.policy, q.dead_letter,
      q.expire_seconds, q.deletion_seconds, q.retry_limit, q.retry_delay, q.retry_backoff, q.retry_delay_max,
      q.heartbeat_seconds
    from ${tx(JOBS_SCHEMA)}.queue q, ${unnest(tx, rows, { data: 'json', dueAt: 'timestamptz' })}
    where q.name = ${queue}`
}

/** Makes a job due now, or at `dueAt`: the one that waits for its time, or a new one. */
export async function hurryJob<Queue extends JobQueue>(
  tx: Transaction,
  queue: Queue,
  data: JobOf[Queue],
  dueAt: Date | null = null,
): Promise<void> {
  const at = dueAt?.toISOString() ?? null
  const hurried = await tx`
    update ${tx(JOBS_SCHEMA)}.job j set start_after = coalesce(${at}::timestamptz, now()),
      keep_until = greatest(j.keep_until, coalesce(${at}::timestamptz, now()) + q.retention_seconds * interval '1 second')
    from ${tx(JOBS_SCHEMA)}.queue q
    where q.name = j.name and j.name = ${queue} and j.state in ('created', 'retry')
      and j.data = ${JSON.stringify(data)}::text::jsonb`
  if (hurried.count === 0) await enqueueJobs(tx, queue, [data], () => dueAt)
}
