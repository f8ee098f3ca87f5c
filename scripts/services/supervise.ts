/** One process of an instance, as its supervisor sees it. */
export interface Part {
  pid: number
  exited: Promise<string>
  stop(hurry?: AbortSignal): Promise<void>
}

export interface Supervised<P extends Part> {
  current(): P
  stop(hurry?: AbortSignal): Promise<void>
}

export interface SuperviseOptions<P extends Part> {
  name: string
  start: () => Promise<P>
  onStart?: (part: P) => void
  /** Told what happened, in one line. */
  say: (line: string) => void
  /** Doubled at each attempt. */
  firstPauseMs?: number
  /** Called once when it is given up. */
  onGiveUp: (name: string) => void
}

const restarts = 5
/** One that has run this long is healthy again: its earlier ends are forgiven. */
const healthyAfterMs = 60_000
const usualPauseMs = 300
const restartEndsWithinMs = 5_000

/**
 * Starts a part and starts it again when it dies unexpectedly, with growing pauses. After too many ends in a row it is
 * given up, aloud: an instance that half runs is worse than one that stopped.
 */
export async function supervise<P extends Part>(options: SuperviseOptions<P>): Promise<Supervised<P>> {
  const { name, say, firstPauseMs = usualPauseMs } = options
  let isStopping = false
  const stopping = Promise.withResolvers<void>()
  let part = await options.start()
  options.onStart?.(part)
  const watching = watch()

  async function watch(): Promise<void> {
    let ends = 0
    while (!isStopping) {
      const since = performance.now()
      const how = await part.exited
      if (isStopping) return
      ends = performance.now() - since > healthyAfterMs ? 1 : ends + 1
      say(`${name} ended unexpectedly (${how}).`)
      const isBack = await bringBack(ends)
      if (!isBack) return
    }
  }

  async function bringBack(ends: number): Promise<boolean> {
    for (let attempt = ends; attempt <= restarts && !isStopping; attempt++) {
      await Promise.race([Bun.sleep(firstPauseMs * 2 ** (attempt - 1)), stopping.promise])
      if (isStopping) return false
      try {
        part = await options.start()
        options.onStart?.(part)
        say(`${name} runs again (process ${part.pid}).`)
        return true
      } catch (error) {
        say(error instanceof Error ? error.message : String(error))
      }
    }
    if (!isStopping) options.onGiveUp(name)
    return false
  }

  return {
    current: () => part,
    stop: async (hurry) => {
      isStopping = true
      stopping.resolve()
      await part.stop(hurry)
      // A restart may have been under way when the stop came: what it brings up is stopped too.
      await Promise.race([watching, Bun.sleep(restartEndsWithinMs)])
      await part.stop(hurry)
    },
  }
}
