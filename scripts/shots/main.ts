import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../install.ts'
import { failWith, PlainError } from '../services/plainError.ts'
import { takeShots } from './takeShots.ts'

const help = `bun run shots [--url URL] [--only NAME]

Takes pictures of every view and state of a running inbox, light and dark, in three widths, into docs/shots/.
--only takes those whose name begins so. Finds the instance by <DATA_DIR>/run.json (DATA_DIR: .data), or by --url.`

try {
  const { values } = parseArgs({
    options: {
      url: { type: 'string' },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) console.log(help)
  else await takeShots(values.url?.replace(/\/$/, '') ?? runningUrl(), values.only)
} catch (error) {
  failWith(error instanceof TypeError ? new PlainError(`${error.message}\n\n${help}`) : error)
}

function runningUrl(): string {
  const file = join(resolve(root, process.env.DATA_DIR || '.data'), 'run.json')
  try {
    const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string }
    return url
  } catch {
    throw new PlainError(
      `No running instance: there is no ${file}. Start one with \`bun start\`, or give --url.`,
    )
  }
}
