import { installPackages } from './install.ts'

/** Looks at everything that the promises stand on, and says of each problem what, why, and what to do. */
await installPackages()
const { joinRunning } = await import('./services/joinRunning.ts')
const { failWith, PlainError } = await import('./services/plainError.ts')
const { reachPostgres, reachRedis } = await import('./services/reach.ts')
const { readEnv } = await import('../server/env.ts')
const { openDatabase } = await import('../db/client.ts')
const { Redis } = await import('ioredis')
const { redisHealth } = await import('./doctor/redisHealth.ts')
const { databaseHealth } = await import('./doctor/databaseHealth.ts')
const { channelHealth } = await import('./doctor/channelHealth.ts')
const { secretsHealth } = await import('./doctor/secretsHealth.ts')

try {
  joinRunning(process.env)
  const findings = await examine()
  for (const finding of findings) {
    if (finding.isFine) console.log(`  ✓ ${finding.what}: ${finding.detail}`)
    else console.log(`  ✗ ${finding.what}: ${finding.why}\n      do: ${finding.cure}`)
  }
  const problems = findings.filter((finding) => !finding.isFine).length
  console.log(problems === 0 ? '\nAll is well.' : `\n${problems} ${problems === 1 ? 'problem' : 'problems'}.`)
  process.exit(problems === 0 ? 0 : 1)
} catch (error) {
  failWith(error)
}

async function examine() {
  let env: ReturnType<typeof readEnv>
  try {
    env = readEnv(process.env)
  } catch (error) {
    throw new PlainError(error instanceof Error ? error.message : String(error))
  }
  await reachPostgres(env.databaseUrl)
  await reachRedis(env.redisUrl)
  const redis = new Redis(env.redisUrl, { maxRetriesPerRequest: 1 })
  const { sql, close } = openDatabase(env.databaseUrl, { connections: 1 })
  try {
    return [
      ...(await redisHealth(redis)),
      ...(await databaseHealth(sql)),
      ...(await secretsHealth(sql, env)),
      ...(await channelHealth(env)),
    ]
  } finally {
    redis.disconnect()
    await close()
  }
}
