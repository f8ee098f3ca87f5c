import type { Me } from '../inbox/session.svelte.ts'
import type { Act } from './act.ts'
import { conversationActs } from './conversationActs.ts'
import { moveActs } from './moveActs.ts'
import { placeActs } from './placeActs.ts'
import { settingsActs } from './settingsActs.ts'
import { viewActs } from './viewActs.ts'
import { writingActs } from './writingActs.ts'

/** Everything that the palette offers; first what is about the open conversation. */
export const allActs = (me: Me): readonly Act[] => [
  ...conversationActs(),
  ...writingActs(),
  ...moveActs(),
  ...placeActs(),
  ...viewActs(),
  ...settingsActs(me),
]
