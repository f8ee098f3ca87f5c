import { cookieOf } from '../../bench/agents.ts'
import { between, type Chance } from '../../simulate/chance.ts'

/** One message that an agent wrote; its words are found nowhere else. */
export type Asked = {
  conversationId: string
  clientMessageId: string
  text: string
  /** The server said that it has it. */
  isTaken: boolean
}

const PAUSE_MS = [150, 450] as const
const ASK_AGAIN_MS = 60
const ANSWER_WITHIN_MS = 5000
/** So many conversations are written to at the same time. */
const BUSY_CONVERSATIONS = 12

/**
 * Agents who answer customers: in each conversation one message after the other, each repeated under its id until the server
 * has taken it, as the web app does.
 */
export class Agents {
  readonly asked: Asked[] = []
  /** Requests that have no answer yet. */
  openRequests = 0
  #isStopped = false
  readonly #loops: Promise<void>[]

  private constructor(
    private readonly url: string,
    private readonly cookie: string,
    private readonly chance: Chance,
    conversationIds: readonly string[],
  ) {
    this.#loops = Array.from({ length: BUSY_CONVERSATIONS }, (_, place) =>
      this.#write(conversationIds.filter((_, at) => at % BUSY_CONVERSATIONS === place)),
    )
  }

  static async begin(url: string, conversationIds: readonly string[], chance: Chance): Promise<Agents> {
    return new Agents(url, await cookieOf(url, 'carla'), chance, conversationIds)
  }

  get taken(): number {
    return this.asked.filter((one) => one.isTaken).length
  }

  /** Lets everybody finish the message in hand. */
  async stop(): Promise<void> {
    this.#isStopped = true
    await Promise.all(this.#loops)
  }

  async #write(conversationIds: readonly string[]): Promise<void> {
    for (let number = 0; !this.#isStopped; number++) {
      const conversationId = conversationIds[number % conversationIds.length] ?? ''
      const clientMessageId = crypto.randomUUID()
      const one: Asked = { conversationId, clientMessageId, text: `${clientMessageId}`, isTaken: false }
      this.asked.push(one)
      while (!(await this.#ask(one))) await Bun.sleep(ASK_AGAIN_MS)
      one.isTaken = true
      await Bun.sleep(between(this.chance, PAUSE_MS))
    }
  }

  async #ask({ conversationId, clientMessageId, text }: Asked): Promise<boolean> {
    this.openRequests += 1
    try {
      const response = await fetch(`${this.url}/trpc/messages.send`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: this.cookie, origin: this.url },
        body: JSON.stringify({ conversationId, clientMessageId, body: text }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      })
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false
    } finally {
      this.openRequests -= 1
    }
  }
}
