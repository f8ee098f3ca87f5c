import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { installPackages } from './install.ts'

const help = `bun run backup [--to FOLDER]

Writes one consistent picture of the database into FOLDER (DATA_DIR/backups without it), while everything runs. Files of
customers are in MEDIA_STORE and are not part of it. Put it back with: bun run restore --from FILE`

await installPackages()
const { databaseOf } = await import('./services/databaseOf.ts')
const { failWith, PlainError } = await import('./services/plainError.ts')
const { reachPostgres } = await import('./services/reach.ts')
const { takeBackup } = await import('./backup/takeBackup.ts')

try {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) console.log(help)
  else await backup(values.to ?? join(process.env.DATA_DIR || '.data', 'backups'))
} catch (error) {
  failWith(error instanceof TypeError ? new PlainError(`${error.message}\n\n${help}`) : error)
}

async function backup(folder: string) {
  const url = databaseOf(process.env)
  await reachPostgres(url)
  const now = new Date()
  const file = join(folder, `baton-${now.toISOString().replace(/[:.]/g, '-')}.backup.gz`)
  const { tables, bytes } = await takeBackup(url, file, now)
  console.log(`Wrote ${tables} tables, ${(bytes / 1024 ** 2).toFixed(1)} MB, to ${file}`)
  console.log(`Put it back with: bun run restore --from ${file}`)
}
