import type { AgentName } from '../inbox/snapshot.ts'

export type Typing = { conversationId: string; channelId: string; agent: AgentName; tab: string }
type Known = Typing & { endsAtMs: number }

/** Who is typing where. Every change says the conversation whose list of names may be another now. */
export class TypingPicture {
  readonly #known = new Map<string, Known>()

  put(typing: Typing, endsAtMs: number): void {
    this.#known.set(`${typing.conversationId} ${typing.tab}`, { ...typing, endsAtMs })
  }

  remove(conversationId: string, tab: string): void {
    this.#known.delete(`${conversationId} ${tab}`)
  }

  /** Takes away what `isOver` says is over, and returns it. */
  drop(isOver: (typing: Known) => boolean): Typing[] {
    const over = [...this.#known].filter(([, typing]) => isOver(typing))
    for (const [key] of over) this.#known.delete(key)
    return over.map(([, typing]) => typing)
  }

  names(conversationId: string): AgentName[] {
    const agents = [...this.#known.values()].filter((typing) => typing.conversationId === conversationId)
    return [...new Map(agents.map(({ agent }) => [agent.id, agent])).values()]
  }

  /** The conversations in which somebody types, with their channels. */
  conversations(): Map<string, string> {
    return new Map([...this.#known.values()].map((typing) => [typing.conversationId, typing.channelId]))
  }
}
