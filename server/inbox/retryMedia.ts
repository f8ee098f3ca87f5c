import type { Transaction } from '../../db/client.ts'
import { hurryJob } from '../../db/enqueueJobs.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { lockConversations } from './lockConversations.ts'
import type { Reach } from './policy.ts'
import { mediaInReach } from './readMedia.ts'
import { Refusal } from './refusal.ts'
import { changesWith, conversationsOf } from './settleMedia.ts'
import type { MediaSnapshot } from './snapshot.ts'

/**
 * Has a file fetched now: one that failed, or one that waits for its next try. One that is here already is given back as it
 * is. Ring the bells `events` and `jobs` after the commit.
 *
 * @throws Refusal NOT_FOUND · WRONG_STATE: WhatsApp does not keep it any more
 */
export async function retryMedia(
  tx: Transaction,
  mediaId: string,
  reach: Reach,
  now: Date,
): Promise<MediaSnapshot> {
  await lockConversations(tx, await conversationsOf(tx, mediaId))
  const file = await mediaInReach(tx, mediaId, reach)
  if (file === null) throw new Refusal('NOT_FOUND', 'There is no such file, or it is not yours to see.')
  const { state } = file.snapshot
  if (state === 'stored' || state === 'fetching') return file.snapshot
  if (state === 'expired' || file.graphIdExpiresAt === null || file.graphIdExpiresAt <= now) {
    throw new Refusal(
      'WRONG_STATE',
      'WhatsApp keeps files for seven days, and this one is older. Ask the customer to send it again.',
    )
  }
  await tx`update media set state = 'waiting', failure = null, failure_detail = null where id = ${mediaId}`
  await hurryJob(tx, 'media.download', { mediaId })
  const isNews = state === 'failed' || file.snapshot.failure !== null
  if (isNews) commitWithEvents(tx, await changesWith(tx, mediaId))
  return { ...file.snapshot, state: 'waiting', failure: null }
}
