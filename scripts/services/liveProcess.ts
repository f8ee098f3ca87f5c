import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** True while a process with this number runs. A zombie has ended already. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return stat(pid)?.state !== 'Z'
}

/** The command line of a process, '' when there is none or it may not be read. */
export function commandOf(pid: number): string {
  try {
    if (process.platform !== 'linux') return ps(pid, 'command=')
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/** The process that started this one. Read anew each time: Bun's own `process.ppid` is kept from the first reading. */
export function parentOf(pid: number): number | undefined {
  try {
    return process.platform === 'linux' ? stat(pid)?.parent : Number(ps(pid, 'ppid='))
  } catch {
    return undefined
  }
}

/** Tells a process from a later one that was given the same number: when it began. */
export function birthOf(pid: number): string {
  try {
    if (process.platform !== 'linux') return ps(pid, 'lstart=')
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${stat(pid)?.startTicks}`
  } catch {
    return ''
  }
}

/** Waits until a process has ended; false when it still runs after the time, or when there is a sudden hurry. */
export async function hasEnded(pid: number, withinMs: number, hurry?: AbortSignal): Promise<boolean> {
  const deadline = performance.now() + withinMs
  while (isAlive(pid)) {
    if (performance.now() > deadline) return false
    if (hurry?.aborted && performance.now() > deadline - withinMs + hurriedMs) return false
    await Bun.sleep(10)
  }
  return true
}

const hurriedMs = 300

/** Asks a process to end with each signal in turn, each with its patience; the last should be SIGKILL. */
export async function stopProcess(
  pid: number,
  signals: readonly (readonly [NodeJS.Signals, number])[],
  hurry?: AbortSignal,
): Promise<void> {
  for (const [signal, withinMs] of signals) {
    if (!isAlive(pid)) return
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
      throw error
    }
    if (await hasEnded(pid, withinMs, hurry)) return
  }
}

/** Linux without procps has no `ps`, so there the kernel's own file is read. */
function stat(pid: number): { state: string; parent: number; startTicks: string } | undefined {
  if (process.platform !== 'linux') return undefined
  try {
    const line = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '', parent: Number(fields[1]), startTicks: fields[19] ?? '' }
  } catch {
    return undefined
  }
}

function ps(pid: number, format: string): string {
  return execFileSync('ps', ['-o', format, '-p', String(pid)], { encoding: 'utf8' }).trim()
}
