import type { Logger } from 'pino'
import { JOB_SCHEDULES, type JobOf, type JobQueue, openBoss } from '../../db/jobQueues.ts'
import type { Bell } from '../live/bell.ts'

/** What does the jobs of each queue. It throws to have a job again later. The signal aborts when its time is over. */
export type JobWorkers = {
  [Queue in JobQueue]: (job: JobOf[Queue], signal: AbortSignal) => Promise<void>
}

export type RunningJobs = {
  /** Takes no job more and lets those under way finish; those that take too long go back to their queue. */
  stop(): Promise<void>
}

/** Jobs of each queue at a time in this process. Downloads wait for the network, not for a core. */
const AT_A_TIME: Record<JobQueue, number> = {
  'media.download': 4,
  'conversation.wake': 1,
  'message.send': 2,
  'media.remove': 1,
  'data.retain': 1,
}
/** A bell may be lost, and a job that waits for a later moment has none: the queue is looked at this often anyway. */
const LOOK_EVERY_S = 3
/** How often jobs are looked for whose process died. */
const SUPERVISE_EVERY_S = 15
const STOP_WITHIN_MS = 8_000

/**
 * Works on the jobs of the queues that it is given workers for, until it is stopped. Any number of processes share the queues. pg-boss looks for jobs at intervals only; the
 * bell makes it look at once, and a worker that has done one looks again without a rest.
 */
export async function workJobs(
  { databaseUrl, bell, log }: { databaseUrl: string; bell: Bell; log: Logger },
  workers: Partial<JobWorkers>,
): Promise<RunningJobs> {
  const boss = openBoss(databaseUrl, {
    supervise: true,
    schedule: true,
    superviseIntervalSeconds: SUPERVISE_EVERY_S,
    monitorIntervalSeconds: SUPERVISE_EVERY_S,
    queueCacheIntervalSeconds: 60,
  })
  boss.on('error', (err) => log.warn({ err }, 'the jobs can not be read; trying again'))
  await boss.start()
  const workerIds: string[] = []
  const unlisten = bell.listen('jobs', () => {
    for (const id of workerIds) boss.notifyWorker(id)
  })
  const options = { batchSize: 1, pollingIntervalSeconds: LOOK_EVERY_S }
  const workOn = async <Queue extends JobQueue>(queue: Queue, work: JobWorkers[Queue] | undefined) => {
    if (!work) return
    for (let index = 0; index < AT_A_TIME[queue]; index++) {
      const id: string = await boss.work<JobOf[Queue]>(queue, options, async (jobs) => {
        boss.notifyWorker(id)
        for (const { data, signal } of jobs) await work(data, signal)
      })
      workerIds.push(id)
    }
  }
  await workOn('media.download', workers['media.download'])
  await workOn('conversation.wake', workers['conversation.wake'])
  await workOn('message.send', workers['message.send'])
  await workOn('media.remove', workers['media.remove'])
  await workOn('data.retain', workers['data.retain'])
  for (const [queue, cron] of Object.entries(JOB_SCHEDULES))
    if (queue in workers) await boss.schedule(queue, cron)
  log.info({ workers: workerIds.length }, 'jobs started')
  return {
    stop: async () => {
      unlisten()
      await boss.stop({ graceful: true, timeout: STOP_WITHIN_MS })
      log.info('jobs stopped')
    },
  }
}
