import { type ConstructorOptions, PgBoss, type QueueOptions } from 'pg-boss'

/** pg-boss keeps its tables apart from ours. */
export const JOBS_SCHEMA = 'pgboss'

const MINUTE_S = 60
const HOUR_S = 60 * MINUTE_S
const DAY_S = 24 * HOUR_S

/** What each queue's jobs carry. */
export type JobOf = {
  'media.download': { mediaId: string }
  /** `until`: what its snooze was to be when the job was made; another snooze has a job of its own. */
  'conversation.wake': { conversationId: string; until: string }
  'message.send': { scheduledId: string }
  /** Takes files out of the store whose rows are gone: all that wait for it, so it carries nothing. */
  'media.remove': Record<string, never>
  /** Once a day: what is kept for so many days only. */
  'data.retain': Record<string, never>
}
export type JobQueue = keyof JobOf

/**
 * Jobs of one transaction that must happen, however long the database is away. The retention counts from when one is due.
 */
const SHORT_AND_SURE = {
  retryLimit: 100_000,
  retryDelay: 5,
  retryBackoff: true,
  retryDelayMax: MINUTE_S,
  expireInSeconds: 5 * MINUTE_S,
  heartbeatSeconds: 30,
  retentionSeconds: 365 * DAY_S,
  deleteAfterSeconds: HOUR_S,
}

/** Every queue, with what its jobs inherit. Changed ones are brought to the database by `migrate`. */
export const JOB_QUEUES: Record<JobQueue, QueueOptions & { heartbeatSeconds: number }> = {
  'media.download': {
    // Waits of 5 s, 10 s … up to an hour: enough of them for the seven days that WhatsApp keeps a file. The job itself sees
    // when they are over and ends.
    retryLimit: 1000,
    retryDelay: 5,
    retryBackoff: true,
    retryDelayMax: HOUR_S,
    // Longer than the longest download (`server/jobs/downloadLimits.ts`).
    expireInSeconds: 20 * MINUTE_S,
    // A process that is killed stops beating; its jobs go to others after this, not after the 20 minutes.
    heartbeatSeconds: 30,
    retentionSeconds: 30 * DAY_S,
    deleteAfterSeconds: HOUR_S,
  },
  'conversation.wake': SHORT_AND_SURE,
  'message.send': SHORT_AND_SURE,
  'media.remove': SHORT_AND_SURE,
  'data.retain': {
    retryLimit: 5,
    retryDelay: MINUTE_S,
    retryBackoff: true,
    retryDelayMax: HOUR_S,
    expireInSeconds: 4 * HOUR_S,
    heartbeatSeconds: 30,
    retentionSeconds: 2 * DAY_S,
    // So that the page of queues can tell when it ran last.
    deleteAfterSeconds: 7 * DAY_S,
  },
}

/** When a queue gets a job by itself, as cron has it, in UTC. At an odd minute, for every other program takes the full hour. */
export const JOB_SCHEDULES: Partial<Record<JobQueue, string>> = { 'data.retain': '17 3 * * *' }

/**
 * pg-boss on a small pool of its own: its statements of several commands are refused by postgres.js. Neither cron nor
 * supervision here: whoever wants those says so.
 */
export function openBoss(databaseUrl: string, options: ConstructorOptions = {}): PgBoss {
  return new PgBoss({
    connectionString: databaseUrl,
    application_name: 'baton-jobs',
    schema: JOBS_SCHEMA,
    max: 3,
    schedule: false,
    supervise: false,
    migrate: false,
    registerInstance: false,
    ...options,
  })
}

/** Makes pg-boss's tables, or brings them to the version of the package, and then the queues. One process at a time. */
export async function migrateJobs(databaseUrl: string): Promise<void> {
  const boss = openBoss(databaseUrl, { migrate: true, max: 1 })
  // Without a listener an error of the pool in the background would end the process.
  boss.on('error', () => {})
  try {
    await boss.start()
    for (const [name, options] of Object.entries(JOB_QUEUES)) {
      await boss.createQueue(name, options) // does nothing when it is there
      await boss.updateQueue(name, options)
    }
  } finally {
    await boss.stop({ graceful: false })
  }
}
