import { parseArgs } from 'node:util'
import { installPackages } from './install.ts'

const help = `bun run restore --from FILE

Puts a backup of \`bun run backup\` into the database of DATABASE_URL, which must be migrated and empty. Stop Baton first.`

await installPackages()
const { databaseOf } = await import('./services/databaseOf.ts')
const { failWith, PlainError } = await import('./services/plainError.ts')
const { reachPostgres } = await import('./services/reach.ts')
const { restoreBackup } = await import('./backup/restoreBackup.ts')

try {
  const { values } = parseArgs({
    options: { from: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  })
  if (values.help) console.log(help)
  else await restore(values.from)
} catch (error) {
  failWith(error instanceof TypeError ? new PlainError(`${error.message}\n\n${help}`) : error)
}

async function restore(file: string | undefined) {
  if (!file) throw new PlainError(`Which backup?\n\n${help}`)
  const url = databaseOf(process.env)
  await reachPostgres(url)
  const { tables, takenAt } = await restoreBackup(url, file)
  console.log(
    `Put back ${tables} tables as they were at ${takenAt}. Start Baton: what waits in Redis is stored now.`,
  )
}
