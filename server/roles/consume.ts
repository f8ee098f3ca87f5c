import { hostname } from 'node:os'
import { superviseConsumer } from '../ingest/supervise.ts'
import type { Foundation } from './foundation.ts'

/** Role `consume`: the consumer of the stream, in a thread of its own that is started again when it dies. */
export function startConsuming({ env, log, metrics, stops }: Foundation): void {
  const { databaseUrl, redisUrl, logLevel, testFaults } = env
  const name = `${hostname()}:thread:${env.port}`
  const settings = { databaseUrl, redisUrl, logLevel, name, ...(testFaults && { testFaults }) }
  const consumer = superviseConsumer(settings, log, (turn) => metrics.stored.inc(turn.items))
  stops.push(() => consumer.stop())
}
