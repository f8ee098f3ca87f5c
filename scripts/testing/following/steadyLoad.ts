import { post } from '../../../server/testing/delivery.ts'
import { eventually } from '../../../server/testing/eventually.ts'
import type { Chance } from '../../simulate/chance.ts'
import { anotherText } from './traffic.ts'

/** As long as a server may be away before WhatsApp, here, gives up. */
const PATIENCE_MS = 30_000

/** Signed webhooks at a steady rate. Like WhatsApp, it posts again what was not answered with 200. */
export class SteadyLoad {
  /** The wamids of what was answered with 200. */
  readonly accepted = new Set<string>()
  readonly #underWay = new Set<Promise<void>>()
  readonly #clock: Timer
  readonly #failures: unknown[] = []

  constructor(
    private readonly url: string,
    private readonly chance: Chance,
    everyMs: number,
  ) {
    this.#clock = setInterval(() => this.#deliver(), everyMs)
  }

  /** Posts nothing new, and waits for what is under way. */
  async stop(): Promise<void> {
    clearInterval(this.#clock)
    await Promise.all(this.#underWay)
    if (this.#failures.length > 0) throw this.#failures[0]
  }

  #deliver(): void {
    const { wamid, body } = anotherText(this.chance)
    const delivered = eventually(async () => (await post(this.url, body)).status === 200, {
      withinMs: PATIENCE_MS,
    })
      .then(() => void this.accepted.add(wamid))
      .catch((error: unknown) => void this.#failures.push(error))
      .finally(() => this.#underWay.delete(delivered))
    this.#underWay.add(delivered)
  }
}
