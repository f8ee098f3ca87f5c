import type { AgentName } from '../../../../server/inbox/snapshot.ts'

/** `Ben`, `Ben and Carla`, `Ben, Carla and 2 more`. */
export function namesInWords(agents: readonly AgentName[]): string {
  const [first, second] = agents.map((agent) => agent.name)
  if (agents.length > 2) return `${first}, ${second} and ${agents.length - 2} more`
  return second === undefined ? (first ?? '') : `${first} and ${second}`
}

/** `Ben is here` */
export function presenceInWords(agents: readonly AgentName[]): string {
  const names = namesInWords(agents)
  return agents.length === 1 ? `${names} is here` : `${names} are here`
}

/** `Ben is typing…` */
export function typingInWords(agents: readonly AgentName[]): string {
  const names = namesInWords(agents)
  return agents.length === 1 ? `${names} is typing…` : `${names} are typing…`
}
