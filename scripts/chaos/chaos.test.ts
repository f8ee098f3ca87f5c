import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { isAlive } from '../services/liveProcess.ts'
import { catalog } from './catalog.ts'

const SEED = '20261122'
const WITHIN_MS = 240_000

type Row = { fault: string; seed: number; trials: number; effective: number; ok: boolean }

test(
  'no delivery is lost, doubled or misplaced in the short run of faults, and every control is caught',
  async () => {
    const run = Bun.spawn(
      [
        process.execPath,
        '--no-env-file',
        join(import.meta.dir, 'main.ts'),
        '--quick',
        '--json',
        '--seed',
        SEED,
      ],
      { stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
    )
    const [rows, remarks, code] = await Promise.all([
      new Response(run.stdout).text(),
      new Response(run.stderr).text(),
      run.exited,
    ])
    const told: Row[] = rows
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    expect(told.filter((row) => !row.ok).map((row) => `${row.fault}\n${remarks}`)).toEqual([])
    expect(told.map((row) => row.fault)).toEqual(catalog('quick').map(({ name }) => name))
    expect(told.every((row) => row.seed === Number(SEED))).toBe(true)
    expect(code).toBe(0)
    expect(isAlive(run.pid)).toBe(false)
  },
  WITHIN_MS,
)
