import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { LogMark } from '../inbox/logEpoch.ts'
import { logMarkKey } from './liveKeys.ts'

/** How far each log was read, kept outside of Postgres: what a restore of Postgres does not take back. */
export type LogMarks = {
  /** Null when none is kept, or when Redis is away. */
  of(workspaceId: string): Promise<LogMark | null>
  /** Cheap to call for each page: one write per second and workspace at most. */
  keep(workspaceId: string, mark: LogMark): void
}

const KEEP_EVERY_MS = 1000

/** Marks in Redis; without it the feed goes on, and a restore is recognised by the counter alone. */
export function createLogMarks(redis: Redis, log: Logger): LogMarks {
  const kept = new Map<string, { seq: number; atMs: number }>()
  return {
    async of(workspaceId) {
      try {
        const [, seq, writtenAtMs] =
          /^(\d+) (\d+)$/.exec((await redis.get(logMarkKey(workspaceId))) ?? '') ?? []
        return seq && writtenAtMs ? { seq: Number(seq), writtenAtMs: Number(writtenAtMs) } : null
      } catch (err) {
        log.warn({ err, workspaceId }, 'how far the event log was read before is not known')
        return null
      }
    },
    keep(workspaceId, { seq, writtenAtMs }) {
      const last = kept.get(workspaceId)
      const atMs = performance.now()
      if (last && (last.seq === seq || atMs - last.atMs < KEEP_EVERY_MS)) return
      kept.set(workspaceId, { seq, atMs })
      redis.set(logMarkKey(workspaceId), `${seq} ${writtenAtMs}`).catch(() => kept.delete(workspaceId))
    },
  }
}
