import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installPackages, root } from './install.ts'

const help = `bun run pack:client [--to FOLDER]

Packs the typed client for developers into FOLDER (.data/client, if not named). In another project:
  bun add ./baton-client-<version>.tgz`

await installPackages()
const { failWith, PlainError } = await import('./services/plainError.ts')
const { packClient } = await import('./client/packClient.ts')

try {
  const { values } = parseArgs({
    options: {
      to: { type: 'string', default: join(root, '.data/client') },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) console.log(help)
  else console.log(`Packed ${await packClient(values.to)}. In another project: bun add <that file>`)
} catch (error) {
  failWith(error instanceof TypeError ? new PlainError(`${error.message}\n\n${help}`) : error)
}
