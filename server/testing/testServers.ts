/** The variables that `bun run test` sets: servers that live for this run alone. */
export type TestVariable = 'TEST_DATABASE_URL' | 'TEST_DATABASE_TEMPLATE' | 'TEST_REDIS_URL'

/** One of them. Without it a test would have nothing real to run against, and it says so. */
export function testVariable(name: TestVariable): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run this through \`bun run test [path]\`.`)
  return value
}
