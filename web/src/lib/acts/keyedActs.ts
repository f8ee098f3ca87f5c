import type { Act } from './act.ts'
import { conversationActs } from './conversationActs.ts'
import { moveActs } from './moveActs.ts'
import { placeActs } from './placeActs.ts'
import { writingActs } from './writingActs.ts'

/** The acts that may have a key, in the order of the `?` sheet. Those without one join them in the palette (`allActs`). */
export const keyedActs = (): readonly Act[] => [
  ...moveActs(),
  ...conversationActs(),
  ...writingActs(),
  ...placeActs(),
]
