import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { isEmojiOnly } from './whatsappText.ts'

/** `bare`: without a bubble around it; `over`: its time stands on the picture; `row`: its time stands close below a file or a card. */
export type BubbleLook = 'plain' | 'bare' | 'over' | 'row'

const ROWS: ReadonlySet<string> = new Set(['audio', 'document', 'location', 'contacts'])

export function lookOf({ content, edit, body, media, revokedAt, context }: MessageSnapshot): BubbleLook {
  if (revokedAt) return 'plain'
  const isHere = media?.state === 'stored'
  if (content.kind === 'sticker') return isHere && !context?.quotedWamid ? 'bare' : 'plain'
  if (content.kind === 'image' || content.kind === 'video') return isHere && !body ? 'over' : 'plain'
  if (ROWS.has(content.kind) && !('caption' in content && content.caption)) return 'row'
  const isFew = content.kind === 'text' && isEmojiOnly(edit?.body ?? content.text)
  return isFew && !context?.quotedWamid ? 'bare' : 'plain'
}
