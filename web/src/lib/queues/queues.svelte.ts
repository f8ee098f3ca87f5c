import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { Managed } from '../settings/managed.svelte.ts'

export type QueuesAnswer = inferRouterOutputs<AppRouter>['queues']['read']
export type JobQueueState = QueuesAnswer['jobs'][number]

const LOOK_EVERY_MS = 4_000

/** What waits, read again every few seconds while somebody looks. */
export class Queues extends Managed<QueuesAnswer> {
  #timer: ReturnType<typeof setInterval> | undefined
  #isReading = false

  constructor(private readonly api: Api) {
    super(() => api.queues.read.query())
  }

  get state(): QueuesAnswer | null {
    return this.answer
  }

  start() {
    void this.load()
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS)
  }

  stop() {
    clearInterval(this.#timer)
  }

  /** Answers with how many are tried again, or with the trouble in words. */
  async retry(queue: JobQueueState['queue']): Promise<{ retried: number } | { trouble: string }> {
    let retried = 0
    const trouble = await this.change(async () => {
      retried = (await this.api.queues.retry.mutate({ queue })).retried
    })
    return trouble === null ? { retried } : { trouble }
  }

  async #look(): Promise<void> {
    if (document.hidden || this.#isReading) return
    this.#isReading = true
    await this.load()
    this.#isReading = false
  }
}
