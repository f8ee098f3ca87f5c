import { readEnv } from '../../server/env.ts'
import { superviseConsumer } from '../../server/ingest/supervise.ts'
import { createLog } from '../../server/log.ts'

/**
 * The server's consumer thread under its own supervisor, in a process that does nothing else: told `kill`, it ends the thread
 * at that instant; told `renew`, it takes a fresh supervisor, whose patience has not grown.
 */
const env = readEnv(process.env)
const log = createLog({ level: env.logLevel, name: 'thread' })
const begin = () => superviseConsumer({ ...env, name: 'chaos:thread' }, log, () => {})

let consumer = begin()
process.on('message', async (message: unknown) => {
  const kind = typeof message === 'object' && message !== null && 'kind' in message ? message.kind : null
  if (kind === 'kill') {
    consumer.kill()
    process.send?.({ kind: 'killed' })
  }
  if (kind === 'renew') {
    await consumer.stop()
    consumer = begin()
  }
})
process.send?.({ kind: 'ready' })
