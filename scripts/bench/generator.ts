import { type Plan, type Result, resultSchema } from './load/plan.ts'

/** The load generator, as the rows use it. */
export class Generator {
  readonly #url: string
  readonly pid: number

  constructor({ url, pid }: { url: string; pid: number }) {
    this.#url = url
    this.pid = pid
  }

  /** Does what the plan says. @throws when a request was refused, unless that is `mayRefuse` */
  async run(plan: Plan, { mayRefuse = false } = {}): Promise<Result> {
    const response = await fetch(`${this.#url}/run`, { method: 'POST', body: JSON.stringify(plan) })
    if (!response.ok) throw new Error(`The generator failed: ${await response.text()}`)
    const result = resultSchema.parse(await response.json())
    if (!mayRefuse && Object.keys(result.refused).length > 0) {
      throw new Error(`Requests were not answered with 200: ${JSON.stringify(result.refused)}`)
    }
    return result
  }

  /** Ends the open loop that runs now. */
  async stop(): Promise<void> {
    await fetch(`${this.#url}/stop`)
  }
}
