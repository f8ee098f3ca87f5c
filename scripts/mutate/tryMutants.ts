import { join } from 'node:path'
import { root } from '../install.ts'
import { type Planted, type PlantedRun, runPlanted } from '../testing/planted/runPlanted.ts'
import type { Area } from './areas.ts'
import { type Mutant, mutated } from './mutant.ts'
import { mutantsOf } from './mutantsOf.ts'

export type Fate = 'killed' | 'survived' | 'not loaded'
export type Tried = { file: string; mutant: Mutant; fate: Fate }

/** A mutant that makes a loop endless is noticed as well: by its time. */
const SHORTEST_TIMEOUT_MS = 20_000
/** A mutant may take this many times as long as the program itself, which is measured first. */
const SLOWER = 6

export type TryOptions = {
  env: Record<string, string>
  atOnce: number
  say(line: string): void
}

/**
 * Tries every mutant of an area with the tests of its file, in a process each. The tests themselves run first: while one fails
 * by itself, nothing can be said.
 */
export async function tryMutants({ files }: Area, { env, atOnce, say }: TryOptions): Promise<Tried[]> {
  const tried: Tried[] = []
  for (const { file, tests, named } of files) {
    const source = await Bun.file(join(root, file)).text()
    const startedAtMs = performance.now()
    const plain = await runPlain({ file, source, tests, named, withinMs: 600_000 }, env)
    if (!plain.isGreen)
      throw new Error(`The tests of ${file} fail without any mutant:\n${plain.output.slice(-2000)}`)
    if (!plain.isLoaded) throw new Error(`The tests of ${file} do not load it`)
    const withinMs = Math.max(SHORTEST_TIMEOUT_MS, (performance.now() - startedAtMs) * SLOWER)
    const waiting = mutantsOf(source)
    const total = waiting.length
    let done = 0
    const work = async () => {
      for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
        const changed = mutated(source, mutant)
        const planted = { file, source: changed, tests, named, withinMs, isFirstEnough: true }
        const run = await runPlanted(planted, env)
        const fate = !run.isGreen ? 'killed' : run.isLoaded ? 'survived' : 'not loaded'
        tried.push({ file, mutant, fate })
        done++
        if (fate !== 'killed') say(`${file}:${mutant.line} ${fate}: ${mutant.what}`)
        if (done % 25 === 0) say(`${file}: ${done} of ${total}`)
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
  }
  return tried
}

const TRIES = 3

/** On a busy machine a test that waits may fail once; one that fails again and again is broken. */
async function runPlain(
  planted: Planted,
  env: Record<string, string>,
  left = TRIES - 1,
): Promise<PlantedRun> {
  const run = await runPlanted(planted, env)
  return run.isGreen || left === 0 ? run : runPlain(planted, env, left - 1)
}
