import { Redis } from 'ioredis'
import postgres from 'postgres'
import { PlainError } from './plainError.ts'

const withinSeconds = 10

/** Refuses, with a reason that anybody can read, when the database of DATABASE_URL cannot be used. */
export async function reachPostgres(url: string): Promise<void> {
  const { where } = place('DATABASE_URL', url)
  const sql = postgres(url, { max: 1, connect_timeout: withinSeconds, onnotice: () => {} })
  try {
    await sql`select 1`
  } catch (error) {
    throw new PlainError(`DATABASE_URL names ${where}, and it cannot be used: ${reason(error)}`)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** The same for REDIS_URL. */
export async function reachRedis(url: string): Promise<void> {
  const { where } = place('REDIS_URL', url)
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: withinSeconds * 1000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let failure: unknown
  redis.on('error', (error) => {
    failure = error
  })
  try {
    await redis.connect()
    await redis.ping()
  } catch (error) {
    throw new PlainError(`REDIS_URL names ${where}, and it cannot be used: ${reason(failure ?? error)}`)
  } finally {
    redis.disconnect()
  }
}

/** Host and port alone: a url holds a password. */
function place(variable: string, url: string): { where: string } {
  try {
    return { where: new URL(url).host }
  } catch {
    throw new PlainError(`${variable} is no url.`)
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}
