import type { Me } from '../inbox/session.svelte.ts'
import type { Act } from './act.ts'
import { keyedActs } from './keyedActs.ts'
import { settingsActs } from './settingsActs.ts'
import { viewActs } from './viewActs.ts'

/** Everything that the palette offers. */
export const allActs = (me: Me): readonly Act[] => [...keyedActs(), ...viewActs(), ...settingsActs(me)]
