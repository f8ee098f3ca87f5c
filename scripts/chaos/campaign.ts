import { between, type Chance } from '../simulate/chance.ts'
import { check, type Verdict } from './check.ts'
import { Ledger } from './ledger.ts'
import { Load } from './load.ts'
import { Rig, type RigOptions } from './rig.ts'
import type { Stores } from './stores.ts'
import { Traffic } from './traffic.ts'

/** What a fault came to. `trials` were made, `effective` of them hit work in flight. */
export type Outcome = Verdict & { trials: number; effective: number; skipped?: string }

export type Field = { stores: Stores; rig: Rig; load: Load; ledger: Ledger; traffic: Traffic; chance: Chance }

export type Campaign = {
  stores: Stores
  chance: Chance
  rig?: RigOptions
  /** How many strikes have to hit work in flight. */
  wanted: number
  perSecond?: number
  /** Between two strikes: lowest and highest. */
  pauseMs?: readonly [number, number]
  /** Called once before the load begins. */
  prepare?(field: Field): Promise<void>
  /** Does the harm and repairs it; says whether it hit work in flight. Problems that it sees itself it throws or notes. */
  strike(field: Field, note: (problem: string) => void): Promise<boolean>
  /** Called after the last strike, before the quiet. */
  afterwards?(field: Field): Promise<void>
  /** False when consumers are down between strikes, as part of the fault. */
  isWaitingForConsumers?: boolean
  /** After so long without any movement, what still waits is taken to wait for ever. */
  quietWithinMs?: number
}

const USUAL_PAUSE_MS = [30, 160] as const
const FIRST_ACKS = 100
/** A strike that hits nothing proves nothing: it is repeated, but not for ever. */
const MOST_TRIALS_PER_WANTED = 4
const QUIET_WITHIN_MS = 45_000
/** This long after a fault is over, deliveries must be taken again. */
const BACK_WITHIN_MS = 30_000

/** Of each process, where something was lost: characters. */
const LAST_WORDS = 2_000

let campaigns = 0

/** Strikes again and again under load, lets everything come to rest, and compares the ledger with the database. */
export async function campaign(options: Campaign): Promise<Outcome> {
  const { stores, chance, wanted } = options
  campaigns += 1
  const rig = await Rig.open(stores, options.rig)
  try {
    const ledger = new Ledger()
    const traffic = new Traffic(`chaos${campaigns}`, chance)
    const perSecond = options.perSecond === undefined ? {} : { perSecond: options.perSecond }
    const load = new Load({ url: () => rig.url, traffic, ledger, chance, ...perSecond })
    const field: Field = { stores, rig, load, ledger, traffic, chance }
    const problems: string[] = []
    await options.prepare?.(field)
    await acked(field, FIRST_ACKS)
    let trials = 0
    let effective = 0
    while (effective < wanted && trials < wanted * MOST_TRIALS_PER_WANTED) {
      await Bun.sleep(between(chance, options.pauseMs ?? USUAL_PAUSE_MS))
      // What is already down can not be hit: first the product takes deliveries again.
      await acked(field, ledger.acks + 1)
      if (options.isWaitingForConsumers !== false && !(await rig.hasCaughtUp(BACK_WITHIN_MS)))
        problems.push('consumers did not catch up between two strikes')
      trials += 1
      if (await options.strike(field, (problem) => problems.push(problem))) effective += 1
    }
    await options.afterwards?.(field)
    const left = await load.drain()
    if (left > 0) problems.push(`${left} deliveries could not be delivered at all`)
    await rig.ageUnacked()
    const isQuiet = await rig.isQuiet(options.quietWithinMs ?? QUIET_WITHIN_MS)
    if (!isQuiet) {
      const told = (await rig.isAllTold()) ? '' : ', and the subscriber is behind'
      problems.push(`not at rest: ${await rig.waiting()} entries wait${told}`)
    }
    const verdict = await check(rig, ledger)
    const said = verdict.lost > 0 ? rig.processes.map((one) => one.lastLines.slice(-LAST_WORDS)) : []
    return {
      ...verdict,
      problems: [...problems, ...verdict.problems, ...rig.alarms, ...said.filter(Boolean)],
      trials,
      effective,
    }
  } finally {
    await rig.close()
  }
}

/** Waits until that many deliveries were answered with 200: the product works, or works again. */
async function acked({ ledger, rig }: Field, count: number): Promise<void> {
  const deadline = performance.now() + BACK_WITHIN_MS
  while (ledger.acks < count) {
    if (performance.now() > deadline) {
      const state = rig.server.isRunning ? 'the server runs' : 'the server has ended'
      throw new Error(`No delivery was taken for ${BACK_WITHIN_MS} ms; ${state}:\n${rig.server.lastLines}`)
    }
    await Bun.sleep(5)
  }
}
