import { demoNumber } from './demoNumber.ts'
import { step } from './progress.ts'

/** Brings the schema up to date, and makes the demo workspace once. With a real number nobody has a known password. */
export async function prepareDatabase(
  databaseUrl: string,
  isDemo: boolean,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { migrate } = await import('../../db/migrate.ts')
  await step('migrations', () => migrate(databaseUrl))
  if (!isDemo) return
  const { seedDemo } = await import('../../db/seed.ts')
  await step(
    'demo workspace',
    () => seedDemo(databaseUrl, demoNumber(env)),
    ({ seeded }) => (seeded ? 'made' : 'there already'),
  )
}
