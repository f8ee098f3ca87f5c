import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { MessageError } from '../whatsapp/content.ts'
import { channelEvents } from './channelEvents.ts'
import type { NewEvent } from './commitWithEvents.ts'

/** Nothing can be sent on a channel, and why. */
export type Stop = {
  channelId: string
  error: MessageError
  /** Of the token that was refused: another one starts the channel again. Null: only an administrator does. */
  tokenDigest: string | null
}

/**
 * Stops channels. What is queued stays queued, and what agents send meanwhile joins the line: nothing that was written is
 * lost, and a banner says why nothing goes out. One that has stopped already keeps its reason.
 */
export async function stopChannels(tx: Transaction, stops: readonly Stop[], now: Date): Promise<NewEvent[]> {
  if (stops.length === 0) return []
  const byChannel = [...new Map(stops.map((stop) => [stop.channelId, stop])).values()]
  const stopped = await tx<{ id: string }[]>`
    update channels c
    set stopped_at = ${now.toISOString()}, stop_error = r.error, stop_token_digest = r."tokenDigest"
    from ${unnest(tx, byChannel, { channelId: 'uuid', error: 'json', tokenDigest: 'text' })}
    where c.id = r."channelId" and c.stopped_at is null
    returning c.id`
  return channelEvents(
    tx,
    stopped.map((row) => row.id),
  )
}
