import { repeatable } from '../../db/repeatable.ts'
import type { Agent } from '../inbox/agent.ts'
import { letterBoxOf, waitingLetterIds } from '../inbox/readDeadLetters.ts'
import { replayDeadLetter } from '../inbox/replayDeadLetter.ts'
import { UNKNOWN_CHANNEL } from '../inbox/storeDeliveries.ts'
import type { Services } from './context.ts'

/** Stores what came for a number before it was connected. Returns how many; those of other numbers stay where they are. */
export async function replayUnknown(services: Services, agent: Agent): Promise<number> {
  const { sql, bell, log, now } = services
  const box = await letterBoxOf(sql, agent.workspaceId)
  let stored = 0
  for (const letterId of await waitingLetterIds(sql, box, { reason: UNKNOWN_CHANNEL })) {
    try {
      const replay = await repeatable(sql, (tx) => replayDeadLetter(tx, letterId, box, agent.id, now()))
      if (replay.outcome !== 'stored') continue
      stored++
      for (const workspaceId of replay.workspaceIds) bell.ring('events', workspaceId)
    } catch (err) {
      // It stays a dead letter, where an administrator sees it.
      log.warn({ err, letterId }, 'a dead letter could not be replayed')
    }
  }
  return stored
}
