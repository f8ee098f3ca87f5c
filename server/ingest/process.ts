import { type Env, readEnv } from '../env.ts'
import { createLog } from '../log.ts'
import { processConsumerName } from './inherit.ts'
import { openConsumer, type Turn } from './openConsumer.ts'

/** `bun run consume`: the loop of the worker thread as a process of its own. Any number of them share the work. */

let env: Env
try {
  env = readEnv({ ...process.env, ROLES: 'consume' })
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(2)
}
const log = createLog({ level: env.logLevel, name: 'consume' })
const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())

/** The loop turns every two seconds even when nothing comes; one that is silent for this long hangs on a dead connection. */
const SILENT_MS = 30_000
let turnedAt = performance.now()
const turned = ({ idleMs }: Turn) => {
  turnedAt = performance.now() - idleMs
}
const watch = setInterval(() => {
  if (performance.now() - turnedAt < SILENT_MS) return
  log.fatal({ silentMs: SILENT_MS }, 'the consumer hangs; ending, to be started anew')
  process.exit(1)
}, 5_000)

const consumer = await openConsumer({ ...env, name: processConsumerName(process.pid) }, turned).catch(
  (err) => {
    log.fatal({ err }, 'could not start')
    process.exit(1)
  },
)
process.send?.({ kind: 'ready' })
await consumer.run(stop.signal)
clearInterval(watch)
await consumer.close()
process.exit(0)
