import { hostname } from 'node:os'
import { readEnv } from '../env.ts'
import { createLog } from '../log.ts'
import { openConsumer } from './openConsumer.ts'

/** `bun run consume`: the loop of the worker thread as a process of its own. Any number of them share the work. */

const env = readEnv(process.env)
const log = createLog({ level: env.logLevel, name: 'consume' })
const stop = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort())

const consumer = await openConsumer({ ...env, name: `${hostname()}:process:${process.pid}` }, () => {}).catch(
  (err) => {
    log.fatal({ err }, 'could not start')
    process.exit(1)
  },
)
process.send?.({ kind: 'ready' })
await consumer.run(stop.signal)
await consumer.close()
process.exit(0)
