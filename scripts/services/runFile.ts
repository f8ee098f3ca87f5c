import { readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root } from '../install.ts'
import { writePrivately } from './dataDir.ts'

/** What a running instance tells tools and tests. */
export interface Run {
  url: string
  /** Undefined with a real number: then there is no simulator. */
  simulatorUrl?: string
  databaseUrl: string
  redisUrl: string
  pids: Record<string, number>
  startedAt: string
  /** Where the embedded database keeps its files. */
  postgresFolder?: string
}

/** Writes `run.json`, for its owner alone: it holds passwords. */
export function writeRun(dataDir: string, run: Run): void {
  writePrivately(join(dataDir, 'run.json'), `${JSON.stringify(run, null, 2)}\n`)
}

export function removeRun(dataDir: string): void {
  rmSync(join(dataDir, 'run.json'), { force: true })
}

/** What the instance on this data directory says of itself; undefined when none has. */
export function readRun(dataDir = process.env.DATA_DIR || '.data'): Run | undefined {
  try {
    return JSON.parse(readFileSync(join(resolve(root, dataDir), 'run.json'), 'utf8')) as Run
  } catch {
    return undefined
  }
}
