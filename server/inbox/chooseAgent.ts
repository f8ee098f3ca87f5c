/** Somebody who could be given a conversation. */
export type Candidate = {
  agentId: string
  /** Open conversations that are theirs. */
  open: number
  /** So many they take at most; null: any number. */
  capacity: number | null
}

export type AssignmentMethod = 'hand' | 'round_robin' | 'least_busy'

/**
 * Pure: who is next. In turns, behind whoever was last; or whoever has least, and among equals whose turn it is. Null: nobody has
 * room, and the conversation waits in the queue.
 */
export function chooseAgent(
  method: AssignmentMethod,
  candidates: readonly Candidate[],
  lastAgentId: string | null,
): string | null {
  if (method === 'hand') return null
  const free = candidates
    .filter(({ open, capacity }) => capacity === null || open < capacity)
    .toSorted((a, b) => (a.agentId < b.agentId ? -1 : 1))
  const isAfter = ({ agentId }: Candidate) => lastAgentId === null || agentId > lastAgentId
  const inTurn = [...free.filter(isAfter), ...free.filter((one) => !isAfter(one))]
  if (method === 'round_robin') return inTurn[0]?.agentId ?? null
  const least = Math.min(...inTurn.map((one) => one.open))
  return inTurn.find((one) => one.open === least)?.agentId ?? null
}
