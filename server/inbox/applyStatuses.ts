import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { Json, MessageError } from '../whatsapp/content.ts'
import { treatmentOf } from '../whatsapp/graphError.ts'
import { firstError, NO_CODE } from '../whatsapp/messageError.ts'
import { type Climb, climbAttempts } from './climbAttempts.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { keepOptOuts, wordsOfRefusals } from './keepOptOuts.ts'
import type { MatchedStatus } from './matchAttempts.ts'
import { isAttemptStatus } from './statusLadder.ts'
import { type Stop, stopChannels } from './stopChannels.ts'

/**
 * Keeps statuses and lets their attempts climb. A status seen before does nothing; one whose message is not here waits in
 * `message_statuses`; one that we do not know the meaning of is kept and moves nothing.
 */
export async function applyStatuses(
  tx: Transaction,
  statuses: readonly MatchedStatus[],
  now: Date,
): Promise<NewEvent[]> {
  if (statuses.length === 0) return []
  const rows = statuses.map(({ workspaceId, channelId, status, attempt }) => ({
    id: Bun.randomUUIDv7(),
    workspaceId,
    channelId,
    wamid: status.wamid,
    status: status.status,
    participant: status.participant,
    messageId: attempt?.messageId ?? null,
    occurredAt: status.occurredAt,
    errors: status.errors,
    details: status.details,
  }))
  const inserted = await tx<{ id: string }[]>`
    insert into message_statuses
      (id, workspace_id, channel_id, wamid, status, participant, message_id, occurred_at, errors, details)
    select r.id, r."workspaceId", r."channelId", r.wamid, r.status, r.participant, r."messageId", r."occurredAt", r.errors, r.details
    from ${unnest(tx, rows, {
      id: 'uuid',
      workspaceId: 'uuid',
      channelId: 'uuid',
      wamid: 'text',
      status: 'text',
      participant: 'text',
      messageId: 'uuid',
      occurredAt: 'timestamptz',
      errors: 'json',
      details: 'json',
    })}
    on conflict (channel_id, wamid, status, participant) do nothing
    returning id`
  const isNew = new Set(inserted.map((row) => row.id))
  const fresh = statuses.filter((_, place) => isNew.has(rows[place]?.id ?? ''))
  const climbs = fresh.flatMap(({ status, attempt }): Climb[] => {
    if (attempt === null || !isAttemptStatus(status.status)) return []
    return [
      {
        attemptId: attempt.id,
        status: status.status,
        wamid: status.wamid,
        error: failure(status.status, status.error),
      },
    ]
  })
  const stops = fresh.flatMap((one) => stopOf(one, now))
  return [...(await climbAttempts(tx, climbs, now)), ...(await stopChannels(tx, stops, now))]
}

/** News of a stop that came so late may be of one that has been put right since. */
const STOP_IS_NEWS_MS = 5 * 60_000

/** Some failures say that nothing else would get through either, as an unpaid bill does. */
function stopOf({ channelId, status: { status, error, occurredAt } }: MatchedStatus, now: Date): Stop[] {
  if (status !== 'failed' || error === null || treatmentOf(error.code).kind !== 'stop') return []
  const isNews = now.getTime() - occurredAt.getTime() < STOP_IS_NEWS_MS
  return isNews ? [{ channelId, error, tokenDigest: null }] : []
}

/**
 * Applies the statuses that were here before their messages. Call it in the transaction that writes the wamids, after
 * `lockWamids`.
 */
export async function applyWaitingStatuses(
  tx: Transaction,
  attempts: readonly { attemptId: string; messageId: string; channelId: string; wamid: string }[],
  now: Date,
): Promise<NewEvent[]> {
  if (attempts.length === 0) return []
  type Waiting = {
    attemptId: string
    messageId: string
    wamid: string
    status: string
    errors: Json
    occurredAt: Date
  }
  const waiting = await tx<Waiting[]>`
    update message_statuses s set message_id = r."messageId"
    from ${unnest(tx, attempts, { attemptId: 'uuid', messageId: 'uuid', channelId: 'uuid', wamid: 'text' })}
    where s.channel_id = r."channelId" and s.wamid = r.wamid and s.message_id is null
    returning r."attemptId" as attempt_id, s.message_id, s.wamid, s.status, s.errors, s.occurred_at`
  const climbs = waiting.flatMap(({ attemptId, wamid, status, errors }): Climb[] =>
    isAttemptStatus(status) ? [{ attemptId, status, wamid, error: failure(status, firstError(errors)) }] : [],
  )
  const refusals = waiting.map(({ messageId, occurredAt, errors }) => ({
    messageId,
    saidAt: occurredAt,
    error: firstError(errors),
  }))
  const optOuts = await keepOptOuts(tx, await wordsOfRefusals(tx, refusals))
  return [...optOuts, ...(await climbAttempts(tx, climbs, now))]
}

/** Only a failure has an error to show; a delivery after all takes it away. */
function failure(status: string, error: MessageError | null): MessageError | null {
  return status === 'failed'
    ? (error ?? { code: NO_CODE, title: 'WhatsApp gave no reason', details: null })
    : null
}
