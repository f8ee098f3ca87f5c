import { parseArgs } from 'node:util'
import { PlainError } from '../services/plainError.ts'
import { ROW_NAMES, type RowName } from './target.ts'
import { WEB_ROW_NAMES, type WebRowName } from './web/target.ts'

/** What was asked for on the command line. */
export type Options = { help: boolean; quick: boolean; json: boolean } & Rows
/** Of the server, or with `--web` of the browser; none named: all. */
type Rows = { web: false; only: RowName[] } | { web: true; only: WebRowName[] }

export const usage = `bun run bench [--web] [--quick] [--only NAME[,NAME]] [--json]

Measures Baton on this machine, each figure beside its baseline in the same run. It starts a Redis and a PostgreSQL of
its own and removes them at the end. Under ten minutes; the whole run writes docs/figures.md.

  --quick        under 90 seconds: shorter runs, fewer pairs
  --only NAME    these rows only: ${ROW_NAMES.join(', ')}
  --json         one object a line
  --web          the inbox in headless Chromium on a page four times slower; the whole run writes docs/figures-web.md.
                 Its rows: ${WEB_ROW_NAMES.join(', ')}

It ends with 1 when a floor is missed.`

/** Reads the command line. @throws PlainError for what it does not know */
export function readOptions(args: string[]): Options {
  const { help, quick, json, web, only } = parse(args)
  const names = only.flatMap((text) => text.split(',')).filter(Boolean)
  const asked = { help, quick, json }
  return web
    ? { ...asked, web, only: names.map((name) => rowNamed(name, WEB_ROW_NAMES)) }
    : { ...asked, web, only: names.map((name) => rowNamed(name, ROW_NAMES)) }
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
        web: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
      },
    }).values
  } catch (error) {
    throw new PlainError(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
  }
}

function rowNamed<Name extends string>(name: string, known: readonly Name[]): Name {
  const row = known.find((each) => each === name)
  if (row === undefined) throw new PlainError(`There is no row ${name}. The rows are: ${known.join(', ')}`)
  return row
}
