const deadlineMs = 4000

/** Waits until the condition holds, looking each millisecond; throws after a deadline. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const endsAt = performance.now() + deadlineMs
  while (!holds()) {
    if (performance.now() > endsAt) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`)
    await Bun.sleep(1)
  }
}
