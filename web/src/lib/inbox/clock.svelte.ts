import { createSubscriber } from 'svelte/reactivity'

const TICK_MS = 10_000

/** The present moment, for what counts down: it moves every ten seconds while somebody looks at it. */
export class Clock {
  #subscribe = createSubscriber((update) => {
    const timer = setInterval(update, TICK_MS)
    return () => clearInterval(timer)
  })

  get now(): number {
    this.#subscribe()
    return Date.now()
  }
}
