import { parseArgs } from 'node:util'
import { PlainError } from '../services/plainError.ts'
import { ROW_NAMES, type RowName } from './target.ts'

/** What was asked for on the command line. */
export type Options = { help: boolean; quick: boolean; json: boolean; only: RowName[] }

export const usage = `bun run bench [--quick] [--only NAME[,NAME]] [--json]

Measures Baton on this machine, each figure beside its baseline in the same run. It starts a Redis and a PostgreSQL of
its own and removes them at the end. Under ten minutes; the whole run writes docs/figures.md.

  --quick        under 90 seconds: shorter runs, fewer pairs
  --only NAME    these rows only: ${ROW_NAMES.join(', ')}
  --json         one object a line

It ends with 1 when a floor is missed.`

/** Reads the command line. @throws PlainError for what it does not know */
export function readOptions(args: string[]): Options {
  const { help, quick, json, only } = parse(args)
  const names = only.flatMap((text) => text.split(',')).filter(Boolean)
  return { help, quick, json, only: names.map(rowNamed) }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      strict: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
      },
    }).values
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  }
}

function rowNamed(name: string): RowName {
  const row = ROW_NAMES.find((known) => known === name)
  if (row === undefined)
    throw new PlainError(`There is no row ${name}. The rows are: ${ROW_NAMES.join(', ')}`)
  return row
}
