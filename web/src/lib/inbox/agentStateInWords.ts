import type { AgentState } from '../../../../server/live/presenceItem.ts'
import { say } from '../words/words.ts'

/** `online`, as it stands behind a name. */
const WORDS: Record<AgentState, string> = {
  online: say('online'),
  away: say('away'),
  offline: say('offline'),
}

export function agentStateInWords(state: AgentState): string {
  return WORDS[state]
}
