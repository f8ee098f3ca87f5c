import { between } from '../../simulate/chance.ts'
import { campaign, type Field } from '../campaign.ts'
import type { Fault, FaultContext } from '../fault.ts'
import { openPosts, whileHolding, whileStoring } from '../inFlight.ts'
import type { RigOptions } from '../rig.ts'

/** The webhook promises an answer within two seconds, whatever Redis does; the rest is for a machine that is busy. */
const ANSWER_WITHIN_MS = 3_500
const TRIES_TO_CATCH_IT_BUSY = 60
const TWO_CONSUMERS: RigOptions = { roles: 'server', consumers: 2 }

type Strike = (field: Field, ms: number, note: (problem: string) => void) => Promise<boolean>

/** SIGSTOP, as when a machine is suspended: the process lives, says nothing, and goes on as if no time had passed. */
export const stops: Fault[] = [
  stop('redis', 5, stopRedis, 'quick'),
  stop('consumer', 5, stopConsumer, 'quick', TWO_CONSUMERS),
  stop('postgres', 5, stopPostgres, 'usual'),
  stop('server', 5, stopServer, 'usual'),
  ...[31, 60].flatMap((seconds) => [
    stop('redis', seconds, stopRedis, 'long'),
    stop('postgres', seconds, stopPostgres, 'long'),
    stop('server', seconds, stopServer, 'long'),
    // After a minute others may claim what it holds, so that two consumers store the same entries.
    stop('consumer', seconds === 60 ? 80 : seconds, stopConsumer, 'long', TWO_CONSUMERS),
  ]),
]

function stop(
  process: string,
  seconds: number,
  strike: Strike,
  depth: Exclude<Fault['depth'], undefined>,
  rig: RigOptions = {},
): Fault {
  return {
    name: `stop ${seconds} s ${process}`,
    depth,
    run: ({ stores, chance }: FaultContext) =>
      campaign({
        stores,
        chance,
        wanted: 1,
        rig,
        strike: (field, note) => strike(field, seconds * 1000, note),
      }),
  }
}

async function stopRedis(field: Field, ms: number, note: (problem: string) => void): Promise<boolean> {
  const { stores, ledger } = field
  const refusedBefore = ledger.tally().get(503) ?? 0
  const frozen = stores.freeze('redis', ms)
  const open = await openPosts(field)
  await frozen
  const slowest = Math.max(...open.map(({ sentAtMs, endedAtMs }) => endedAtMs - sentAtMs))
  if (slowest > ANSWER_WITHIN_MS) note(`a POST waited ${Math.round(slowest)} ms while Redis was stopped`)
  return (ledger.tally().get(503) ?? 0) > refusedBefore
}

async function stopPostgres(field: Field, ms: number): Promise<boolean> {
  const isStoring = await whileStoring(field)
  await field.stores.freeze('postgres', ms)
  return isStoring
}

async function stopServer(field: Field, ms: number): Promise<boolean> {
  const open = await openPosts(field)
  await field.rig.server.freeze(ms)
  return open.length > 0
}

/** Stopped again and again until it is stopped with work in hand: only that stop is worth the wait. */
async function stopConsumer(field: Field, ms: number): Promise<boolean> {
  const [consumer] = field.rig.consumers
  for (let left = TRIES_TO_CATCH_IT_BUSY; left > 0; left--) {
    await whileHolding(field)
    consumer?.pause()
    const isHolding = await field.rig.holdsFor(consumer)
    if (isHolding) await Bun.sleep(ms)
    consumer?.resume()
    if (isHolding) return true
    await Bun.sleep(between(field.chance, [5, 30]))
  }
  return false
}
