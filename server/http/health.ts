/** What must work before this process should be sent requests: each throws, or hangs, when it does not. */
export type ReadinessChecks = Record<string, () => Promise<void>>

export type Readiness = { isReady: boolean; checks: Record<string, 'ok' | string> }

/** A balancer asks every few seconds; a check that takes longer than this is as good as failed. */
const CHECK_WITHIN_MS = 2000

/** Runs all checks at once, each for a bounded time, and says of each failed one why. */
export async function readiness(checks: ReadinessChecks, withinMs = CHECK_WITHIN_MS): Promise<Readiness> {
  const told = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await outcome(check, withinMs)] as const),
  )
  return { isReady: told.every(([, answer]) => answer === 'ok'), checks: Object.fromEntries(told) }
}

async function outcome(check: () => Promise<void>, withinMs: number): Promise<string> {
  let timer: Timer | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${withinMs} ms`), withinMs)
  })
  const answer = check().then(
    () => 'ok',
    (error: unknown) => (error instanceof Error && error.message) || 'failed',
  )
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
