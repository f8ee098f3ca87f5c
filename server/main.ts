import { type Env, readEnv } from './env.ts'
import { createLog } from './log.ts'
import { startServer } from './start.ts'

/** `bun run serve`: one process with the roles that the environment gives it. */

let env: Env
try {
  env = readEnv(process.env)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}

const log = createLog({ level: env.logLevel, name: 'server' })
const server = await startServer(env, log).catch((err) => {
  log.fatal({ err }, 'could not start')
  process.exit(1)
})
log.info({ url: server.url, roles: env.roles }, 'ready')
if (process.send) process.send({ kind: 'ready', url: server.url, firstLink: server.firstLink })
// Not into the log: who reads it first owns the inbox.
else if (server.firstLink)
  console.log(`Nobody works here yet. The first owner comes in here, once:\n  ${server.firstLink}`)

let isStopping = false
async function stop(reason: string): Promise<void> {
  if (isStopping) return
  isStopping = true
  log.info({ reason }, 'stopping')
  await server.stop()
  log.info('stopped')
  process.exit(0)
}

process.on('SIGTERM', () => void stop('SIGTERM'))
process.on('SIGINT', () => void stop('SIGINT'))
// Started by `bun start`: when that is killed, nobody is left to stop this process.
process.on('disconnect', () => void stop('the starting process ended'))
