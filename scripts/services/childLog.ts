import { appendFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

const largestBytes = 32 * 1024 * 1024
const warning = 40

/** Keeps what a child prints in its log file, and repeats warnings and errors on the terminal. */
export function childLog(dataDir: string, name: string): (line: string, isError: boolean) => void {
  const file = join(dataDir, 'logs', `${name}.log`)
  let size = startLog(file)
  return (line, isError) => {
    if (size > largestBytes) size = startLog(file)
    appendFileSync(file, `${line}\n`, { mode: 0o600 })
    size += line.length + 1
    const loud = worthShowing(line, isError)
    if (loud) console.error(`  ! ${name}: ${loud}`)
  }
}

/** A warning in pino's JSON as one readable line; what else comes as an error (a crash, say) is shown as it is. */
export function worthShowing(line: string, isError: boolean): string | undefined {
  if (!line.startsWith('{')) return (isError && line.trim()) || undefined
  try {
    const { level, msg, err } = JSON.parse(line) as {
      level?: number
      msg?: string
      err?: { message?: string }
    }
    if ((level ?? 0) < warning) return undefined
    return [msg, err?.message].filter(Boolean).join(': ') || line
  } catch {
    return line
  }
}

/** One earlier file is kept. */
function startLog(file: string): number {
  try {
    const { size } = statSync(file)
    if (size <= largestBytes) return size
    renameSync(file, `${file}.1`)
  } catch {
    // There is none yet.
  }
  return 0
}
