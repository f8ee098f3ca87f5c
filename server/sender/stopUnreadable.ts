import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { commitWithEvents } from '../inbox/commitWithEvents.ts'
import { stopChannels } from '../inbox/stopChannels.ts'
import type { UnreadableChannel } from '../secrets/channelSecrets.ts'
import { TokenUnreadable } from '../whatsapp/accessToken.ts'
import type { MessageError } from '../whatsapp/content.ts'
import { TOKEN_UNREADABLE_CODE } from '../whatsapp/messageError.ts'

/** Why a channel stops whose token this process cannot decrypt. */
export const TOKEN_UNREADABLE: MessageError = {
  code: TOKEN_UNREADABLE_CODE,
  title: 'The access token of this channel is stored with another key than the one that Baton runs with',
  details: null,
}

/** Stands for a token that nobody could read: whichever can be read is another one, and starts the channel again. */
export const UNREADABLE_DIGEST = 'unreadable'

/** Stops the channels whose token cannot be read, and no others. Returns the workspaces of those that had not stopped yet. */
export async function stopUnreadable(
  sql: Sql,
  unreadable: readonly UnreadableChannel[],
  now: Date,
): Promise<string[]> {
  if (unreadable.length === 0) return []
  const stops = unreadable.map(({ channelId }) => ({
    channelId,
    error: TOKEN_UNREADABLE,
    tokenDigest: UNREADABLE_DIGEST,
  }))
  return repeatable(sql, async (tx) => {
    const events = await stopChannels(tx, stops, now)
    if (events.length > 0) commitWithEvents(tx, events)
    return events.map(({ workspaceId }) => workspaceId)
  })
}

/** Null for a token that cannot be read; any other failure goes on. */
export function unlessUnreadable(error: unknown): null {
  if (error instanceof TokenUnreadable) return null
  throw error
}
