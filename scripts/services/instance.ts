import { linkSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writePrivately } from './dataDir.ts'
import { birthOf, isAlive, stopProcess } from './liveProcess.ts'
import { PlainError } from './plainError.ts'
import { readRun } from './runFile.ts'

interface Holder {
  pid: number
  birth: string
  /** Server and simulator, so that a later start can end those that a hard kill of this one left. */
  children: Record<string, { pid: number; birth: string }>
}

export interface Claim {
  /** Writes down a child (or that it is gone), before anything can go wrong with it. */
  note(name: string, pid: number | undefined): void
  release(): void
}

/**
 * Takes the data directory for this process, so that two starts never share it. The lock of a start that was killed
 * hard is told from a living one by process number and time of birth together: numbers are used again, in containers
 * soon. Its children that still run are ended first.
 */
export async function claimInstance(dataDir: string): Promise<Claim> {
  const file = join(dataDir, 'start.lock')
  const mine: Holder = { pid: process.pid, birth: birthOf(process.pid), children: {} }
  while (!createWhole(file, JSON.stringify(mine))) {
    const holder = readHolder(file)
    if (holder && isStillRunning(holder)) throw new PlainError(sayWhoRuns(dataDir, holder.pid))
    for (const child of Object.values(holder?.children ?? {})) await endOrphan(child)
    rmSync(file, { force: true })
  }
  return {
    note: (name, pid) => {
      if (pid === undefined) delete mine.children[name]
      else mine.children[name] = { pid, birth: birthOf(pid) }
      writePrivately(file, JSON.stringify(mine))
    },
    release: () => rmSync(file, { force: true }),
  }
}

function sayWhoRuns(dataDir: string, pid: number): string {
  const url = readRun(dataDir)?.url
  const where = url ? `at ${url}` : 'and is still starting'
  return `Baton already runs with this data directory ${where} (process ${pid}). Stop it first, or set PORT and DATA_DIR for a second one.`
}

async function endOrphan(child: { pid: number; birth: string }): Promise<void> {
  if (!isStillRunning(child)) return
  await stopProcess(child.pid, [
    ['SIGTERM', 10_000],
    ['SIGKILL', 5_000],
  ])
}

function isStillRunning({ pid, birth }: { pid: number; birth: string }): boolean {
  return pid !== process.pid && isAlive(pid) && birthOf(pid) === birth
}

function readHolder(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

/** A link appears with its text or not at all, and never over another: an empty lock would belong to nobody. */
function createWhole(file: string, text: string): boolean {
  const making = `${file}.${process.pid}.new`
  writeFileSync(making, text, { mode: 0o600 })
  try {
    linkSync(making, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return false
  } finally {
    unlinkSync(making)
  }
}
