import { installPackages } from './install.ts'

/**
 * Brings the database to the newest schema. `--renew-epoch`: it was also restored from a backup, and Redis, which would have told
 * so by itself, was lost or restored with it.
 */
await installPackages()
const { databaseOf } = await import('./services/databaseOf.ts')
const { failWith } = await import('./services/plainError.ts')
const { reachPostgres } = await import('./services/reach.ts')
const { migrate } = await import('../db/migrate.ts')
const { default: postgres } = await import('postgres')
const { renewAllEpochs } = await import('../server/inbox/logEpoch.ts')
try {
  const url = databaseOf(process.env)
  await reachPostgres(url)
  await migrate(url)
  console.log('The database has the newest schema.')
  if (process.argv.includes('--renew-epoch')) {
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    const renewed = await renewAllEpochs(sql).finally(() => sql.end())
    console.log(
      `The event log of ${renewed === 1 ? '1 workspace' : `${renewed} workspaces`} begins a new epoch: every open inbox loads again.`,
    )
  }
} catch (error) {
  failWith(error)
}
