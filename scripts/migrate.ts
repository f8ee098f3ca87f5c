import { installPackages } from './install.ts'

/** Brings the database to the newest schema. */
await installPackages()
const { databaseOf } = await import('./services/databaseOf.ts')
const { failWith } = await import('./services/plainError.ts')
const { reachPostgres } = await import('./services/reach.ts')
const { migrate } = await import('../db/migrate.ts')
try {
  const url = databaseOf(process.env)
  await reachPostgres(url)
  await migrate(url)
  console.log('The database has the newest schema.')
} catch (error) {
  failWith(error)
}
