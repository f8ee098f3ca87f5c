import { setTimeout as sleep } from 'node:timers/promises'
import { listenForLeaving } from '../services/leaving.ts'
import { findRedis } from '../services/redisProgram.ts'
import { seededChance } from '../simulate/chance.ts'
import type { Outcome } from './campaign.ts'
import { announce, catalog } from './catalog.ts'
import type { Fault, FaultContext } from './fault.ts'
import { HELP, type Options, readOptions } from './options.ts'
import { isOk, Report } from './report.ts'
import { makeRunFolder } from './runFolder.ts'
import { Stores } from './stores.ts'

/** Runs the rows that the command line asks for and returns the exit code. */
export async function runChaos(args: string[]): Promise<number> {
  const options = readOptions(args)
  const faults = catalog(options.depth).filter(
    ({ name }) => options.only.length === 0 || options.only.some((part) => name.includes(part)),
  )
  if (options.isHelp || options.isList) {
    console.log(options.isHelp ? HELP : faults.map(({ name }) => name).join('\n'))
    return 0
  }
  if (faults.length === 0) throw new Error('No row has such a name: see --list')
  const report = new Report(options)
  report.say(announce(options, faults.length))
  return runFaults(faults, options, report)
}

async function runFaults(faults: Fault[], options: Options, report: Report): Promise<number> {
  const leaving = listenForLeaving()
  const folder = makeRunFolder()
  let stores: Stores | null = null
  try {
    const redisProgram = await findRedis((what) => report.say(what))
    stores = await Stores.open({ folder: folder.path, redisProgram })
    folder.note(stores.postgresFolder)
    const place = { stores, redisProgram, folder: folder.path }
    let isAllOk = true
    for (const fault of faults) {
      if (leaving.asked.aborted) break
      // Each row draws from the seed by itself, so `--only` repeats what the whole run did.
      const chance = seededChance(options.seed + Bun.hash.crc32(fault.name))
      const startedAt = performance.now()
      const outcome = await attempt(fault, { ...place, ...options, chance }, leaving.whenAsked)
      if (leaving.asked.aborted) break
      report.add(fault, outcome, performance.now() - startedAt)
      if (!isOk(fault, outcome)) isAllOk = false
    }
    report.end(leaving.asked.aborted)
    return isAllOk && !leaving.asked.aborted ? 0 : 1
  } finally {
    await stores?.stop()
    folder.remove()
  }
}

/** A row that breaks down is a row that failed, and the next one has its turn. */
async function attempt(fault: Fault, context: FaultContext, whenAsked: Promise<void>): Promise<Outcome> {
  const failed = (problem: string): Outcome => ({
    trials: 0,
    effective: 0,
    lost: 0,
    doubled: 0,
    reordered: 0,
    problems: [problem],
  })
  const broken = (error: unknown) =>
    failed(error instanceof Error ? (error.stack ?? error.message) : String(error))
  const deadline = new AbortController()
  const late = sleep(rowWithinMs(context), failed('it hung: see where with --only'), {
    signal: deadline.signal,
  }).catch(() => failed('interrupted'))
  const interrupted = whenAsked.then(() => failed('interrupted'))
  try {
    return await Promise.race([fault.run(context).catch(broken), late, interrupted])
  } finally {
    deadline.abort()
  }
}

/** No row takes this long, and a run that hangs tells nobody anything. */
const rowWithinMs = ({ kills, depth }: FaultContext) =>
  180_000 + kills * 6_000 + (depth === 'long' ? 240_000 : 0)
