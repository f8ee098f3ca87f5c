import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { MessageContent } from '../whatsapp/content.ts'
import type { Position } from './position.ts'
import type { ReactionSnapshot } from './snapshot.ts'

/** A message that may be a reaction. `actor`: see the table `message_reactions`. */
export type Reacting = {
  id: string
  channelId: string
  actor: string
  position: Position
  content: MessageContent
}

/**
 * Keeps the newest reaction of each person to each message, in whatever order they come, also when the message itself is
 * not here yet. Returns the reaction that each of the given messages is, by message id.
 */
export async function keepReactions(
  tx: Transaction,
  all: readonly Reacting[],
): Promise<Map<string, ReactionSnapshot>> {
  const reactions = new Map<string, ReactionSnapshot>()
  const newest = new Map<string, ReactionSnapshot & { channelId: string }>()
  for (const { id, channelId, actor, position, content } of all) {
    if (content.kind !== 'reaction') continue
    const reaction = { targetWamid: content.targetWamid, actor, emoji: content.emoji, position }
    reactions.set(id, reaction)
    const key = `${channelId} ${actor} ${content.targetWamid}`
    const other = newest.get(key)
    if (other === undefined || position > other.position) newest.set(key, { channelId, ...reaction })
  }
  if (newest.size === 0) return reactions
  await tx`
    insert into message_reactions (channel_id, target_wamid, actor, emoji, position)
    select r."channelId", r."targetWamid", r.actor, r.emoji, r.position
    from ${unnest(tx, [...newest.values()], {
      channelId: 'uuid',
      targetWamid: 'text',
      actor: 'text',
      emoji: 'text',
      position: 'text',
    })}
    on conflict (channel_id, target_wamid, actor)
    do update set emoji = excluded.emoji, position = excluded.position
    where excluded.position > message_reactions.position`
  return reactions
}
