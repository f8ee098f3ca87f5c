import type { Act } from './act.ts'
import { conversationActs } from './conversationActs.ts'
import { listActs } from './listActs.ts'
import { moveActs } from './moveActs.ts'
import { placeActs } from './placeActs.ts'
import { writingActs } from './writingActs.ts'

/** The acts that may have a key, in the order of the `?` sheet. Which those are says each table. */
export const keyedActs = (): readonly Act[] => [
  // Before what leaves the conversation: Esc lets go of what is selected first.
  ...listActs(),
  ...moveActs(),
  ...conversationActs(),
  ...writingActs(),
  ...placeActs(),
]
