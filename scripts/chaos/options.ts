import { parseArgs } from 'node:util'
import type { Depth } from './fault.ts'

export const HELP = `bun run chaos [options]

Kills, stops, slows and cuts the processes of Baton under load, on servers of its own, and compares a ledger of what was
answered with 200 with what is stored. Deliberately broken variants (control:…) show that the check would notice.

  --kills N     effective kills of each process at random moments, and a tenth of that at each named step (20)
  --seed S      repeat a run; the seed of every run is printed
  --quick       the short run that is part of the tests: under two minutes
  --long        with stops of 31 and 60 seconds too; says first how long it takes
  --only NAME   rows whose name contains NAME; may be given several times
  --list        the names of all rows
  --json        one object a line: { fault, seed, trials, effective, lost, doubled, reordered, ok }

A kill counts as effective only when it hit work in flight: an unanswered POST, an unacked entry, an open transaction.
Left out: jumps of the clock, which need libfaketime; stream ids follow Redis's clock and never go back by themselves.
Power loss needs a C compiler (cc), a full disk needs root; without them those rows are skipped and say so.
Exit code 1 when a promise was broken, or when a control was not caught.`

export type Options = {
  kills: number
  seed: number
  depth: Depth
  only: string[]
  isJson: boolean
  isList: boolean
  isHelp: boolean
}

const USUAL_KILLS = 20
const QUICK_KILLS = 3

/** Reads the command line. @throws with a line for people when it can not be understood */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string' },
      seed: { type: 'string' },
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const usualKills = values.quick ? QUICK_KILLS : USUAL_KILLS
  return {
    kills: whole('--kills', values.kills, usualKills),
    seed: whole('--seed', values.seed, Math.floor(Math.random() * 1_000_000)),
    depth: values.long ? 'long' : values.quick ? 'quick' : 'usual',
    only: values.only,
    isJson: values.json,
    isList: values.list,
    isHelp: values.help,
  }
}

function whole(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  if (!/^\d{1,9}$/.test(text) || (name === '--kills' && text === '0'))
    throw new Error(`${name} must be a whole number`)
  return Number(text)
}
