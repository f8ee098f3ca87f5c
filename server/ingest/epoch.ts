import type Redis from 'ioredis'
import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import type { StreamLook } from './trim.ts'

const EPOCH_KEY = 'baton:epoch'

/**
 * Tells a Redis that was emptied from one that is merely quiet. Redis and Postgres both keep the id of the stream in use;
 * when Redis has none, its data is gone, and with it whatever was accepted and not stored yet. Nothing brings that back
 * (Meta keeps no history of webhooks), so it is written down and shouted about.
 *
 * Returns the epoch that is in use now.
 */
export async function holdEpoch(redis: Redis, sql: Sql, log: Logger): Promise<string> {
  const fresh = crypto.randomUUID()
  const kept = await redis.set(EPOCH_KEY, fresh, 'NX', 'GET')
  const epoch = kept ?? fresh
  await sql`insert into stream_epochs (epoch) values (${epoch}) on conflict do nothing`
  const ended = await sql<
    { epoch: string; lastAckedId: string | null; waitingAtLastLook: string; lookedAt: Date | null }[]
  >`
    update stream_epochs set lost_at = now() where epoch <> ${epoch} and lost_at is null
    returning epoch, last_acked_id, waiting_at_last_look, looked_at`
  for (const lost of ended) {
    log.error(
      { ...lost, now: epoch },
      'DATA LOST: Redis was emptied; what it held and was not stored yet is gone',
    )
  }
  return epoch
}

/** Writes down how far this epoch is stored, so that a loss can be measured. */
export async function noteEpoch(sql: Sql, epoch: string, { storedUpTo, waiting }: StreamLook): Promise<void> {
  await sql`
    update stream_epochs
    set last_acked_id = coalesce(${storedUpTo}, last_acked_id), waiting_at_last_look = ${waiting}, looked_at = now()
    where epoch = ${epoch}`
}
