const reminderMs = 12_000

export interface Step {
  /** Says what takes long, at once. */
  say(what: string): void
}

/** Runs one step of a start and prints one calm line when it is done: what it came to, and the time it took. */
export async function step<T>(
  name: string,
  work: (step: Step) => Promise<T>,
  outcome: (result: T) => string = () => '',
): Promise<T> {
  const startedAt = performance.now()
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`
  const say = (what: string) => console.log(`  … ${name}: ${what}`)
  const slow = setInterval(() => say(`still at it, ${seconds()}`), reminderMs)
  try {
    const result = await work({ say })
    console.log(`  ✓ ${[name, outcome(result), seconds()].filter(Boolean).join(' · ')}`)
    return result
  } finally {
    clearInterval(slow)
  }
}
