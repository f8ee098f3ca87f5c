import { commandOf, isAlive, parentOf } from './liveProcess.ts'

const lookEveryMs = 500
const deepest = 6

/**
 * Calls back when a process that launched this one (`bun start`, and the `npx` and shell above it) is gone. npx passes
 * no SIGTERM on: it dies alone, and without this everything below would run on with nobody to stop it.
 */
export function watchLauncher(onGone: () => void): () => void {
  const chain = launchers()
  const timer = setInterval(() => {
    if (chain.every(isAlive)) return
    clearInterval(timer)
    onGone()
  }, lookEveryMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** From `bun start` up to npx; nothing when the script was started directly (its shell may go, as with nohup). */
function launchers(): number[] {
  if (!process.env.npm_lifecycle_event) return []
  const chain: number[] = []
  let pid = parentOf(process.pid)
  while (pid && pid > 1 && chain.length < deepest) {
    chain.push(pid)
    if (/\b(npm|npx)\b/.test(commandOf(pid))) return chain
    pid = parentOf(pid)
  }
  return chain.slice(0, 1)
}
