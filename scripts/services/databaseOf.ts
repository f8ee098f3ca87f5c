import { PlainError } from './plainError.ts'
import { readRun } from './runFile.ts'

/** The database that a command means: that of DATABASE_URL, else that of the instance that runs here. */
export function databaseOf(env: NodeJS.ProcessEnv): string {
  const url = env.DATABASE_URL || readRun()?.databaseUrl
  if (url) return url
  throw new PlainError('There is no database: set DATABASE_URL, or run this beside `bun start`.')
}
