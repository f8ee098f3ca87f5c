import { createSubscriber } from 'svelte/reactivity'

const TICK_MS = 10_000

/** The present moment, for what counts down: it moves every ten seconds, or as asked, while somebody looks at it. */
export class Clock {
  #subscribe: () => void

  constructor(tickMs = TICK_MS) {
    this.#subscribe = createSubscriber((update) => {
      const timer = setInterval(update, tickMs)
      return () => clearInterval(timer)
    })
  }

  get now(): number {
    this.#subscribe()
    return Date.now()
  }
}
