import { installPackages } from './install.ts'

/** Makes the demo workspace, once. Its accounts have a known password, so a database with a real number gets none. */
await installPackages()
const { databaseOf } = await import('./services/databaseOf.ts')
const { demoNumber, hasRealNumber } = await import('./services/demoNumber.ts')
const { failWith, PlainError } = await import('./services/plainError.ts')
const { reachPostgres } = await import('./services/reach.ts')
const { seedDemo } = await import('../db/seed.ts')
try {
  if (hasRealNumber(process.env)) {
    throw new PlainError(
      'WHATSAPP_ACCESS_TOKEN is set, so this is no demo: bun run workspace:create makes a workspace.',
    )
  }
  const url = databaseOf(process.env)
  await reachPostgres(url)
  const { seeded } = await seedDemo(url, demoNumber(process.env))
  console.log(
    seeded
      ? 'The demo workspace is made: ana@demo.baton, baton-demo.'
      : 'The demo workspace is there already.',
  )
} catch (error) {
  failWith(error)
}
