import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../install.ts'

const PRELOAD = join(import.meta.dir, 'plant.ts')
const LINE = /^\((pass|fail)\) (.+?)(?: \[[\d.]+m?s\])?$/gm

/** What a run of tests said while a source file had another text. */
export type PlantedRun = {
  passed: string[]
  failed: string[]
  /** Whether a test, or what it imports, has loaded the changed file at all. */
  isLoaded: boolean
  isTimedOut: boolean
  /** Whether all of it was in order: no test failed, none broke outside of a test. */
  isGreen: boolean
  output: string
}

export type Planted = {
  /** From the root. */
  file: string
  source: string
  /** The files of tests that run, from the root. */
  tests: readonly string[]
  /** Only tests whose name matches. */
  named?: string | undefined
  withinMs: number
  /** End with the first test that fails: of no more is asked. */
  isFirstEnough?: boolean
}

/** Runs tests, in a process of their own, as if a source file read differently. The file itself stays as it is. */
export async function runPlanted(planted: Planted, env: Record<string, string> = {}): Promise<PlantedRun> {
  const folder = await mkdtemp(join(tmpdir(), 'baton-plant-'))
  const contents = join(folder, 'planted.ts')
  await Bun.write(contents, planted.source)
  const { named, tests, isFirstEnough } = planted
  const command = [
    ...[
      process.execPath,
      '--no-env-file',
      'test',
      '--no-orphans',
      '--timeout',
      '20000',
      '--preload',
      PRELOAD,
    ],
    ...(isFirstEnough ? ['--bail'] : []),
    ...(named ? ['-t', named] : []),
    ...tests.map((test) => `./${test}`),
  ]
  try {
    const child = Bun.spawn(command, {
      cwd: root,
      env: {
        ...process.env,
        ...env,
        BATON_PLANT: JSON.stringify({ file: join(root, planted.file), contents }),
      },
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    let isTimedOut = false
    const timer = setTimeout(() => {
      isTimedOut = true
      child.kill('SIGKILL')
    }, planted.withinMs)
    const [out, err, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ])
    clearTimeout(timer)
    const output = out + err
    const lines = [...output.matchAll(LINE)]
    const named = (what: string) => lines.flatMap(([, how, name = '']) => (how === what ? [name] : []))
    return {
      passed: named('pass'),
      failed: named('fail'),
      isLoaded: out.includes(`planted ${join(root, planted.file)}`),
      isTimedOut,
      isGreen: code === 0 && !isTimedOut,
      output,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
