import { hostname } from 'node:os'
import type Redis from 'ioredis'
import type { Logger } from 'pino'
import { infoFields } from './infoFields.ts'
import { GROUP, STREAM } from './stream.ts'

const BATCH_SIZE = 500

/** In one step: a name that is given work between the look and the deletion would take that work with it. */
const STRIKE_OFF = `
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) > 0 then return 0 end
return redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])`

/** The name of a consumer that is a process of its own (its lanes add `:1`, `:2`): whoever comes after it on this machine can see whether it lives. */
export const processConsumerName = (pid: number) => `${hostname()}:process:${pid}`

/**
 * Takes over at once what processes of this machine that are dead by now had in hand, and strikes their names off the
 * group. What dead ones of other machines left is claimed when it has lain for a minute.
 *
 * Returns how many entries were taken over; they are pending for `consumer` then.
 */
export async function inheritFromDead(redis: Redis, consumer: string, log: Logger): Promise<number> {
  let inherited = 0
  for (const name of await consumerNames(redis)) {
    if (name === consumer || !isDeadNeighbour(name)) continue
    for (;;) {
      const ids = await pendingIdsOf(redis, name)
      if (ids.length === 0) break
      const claimed = await redis.xclaim(STREAM, GROUP, consumer, 0, ...ids, 'JUSTID')
      const lostIds = ids.filter((id) => !claimed.map(String).includes(id))
      // XCLAIM drops pending entries whose bodies were removed, without a word.
      if (lostIds.length > 0)
        log.error({ streamIds: lostIds }, 'DATA LOST: pending entries were removed from the stream')
      inherited += claimed.length
    }
    await redis.eval(STRIKE_OFF, 1, STREAM, GROUP, name)
  }
  if (inherited > 0) log.warn({ consumer, entries: inherited }, 'took over what a dead consumer had in hand')
  return inherited
}

async function consumerNames(redis: Redis): Promise<string[]> {
  const reply: unknown = await redis.xinfo('CONSUMERS', STREAM, GROUP)
  return (Array.isArray(reply) ? reply : []).flatMap((consumer) => {
    const { name } = infoFields(consumer)
    return name === undefined ? [] : [String(name)]
  })
}

async function pendingIdsOf(redis: Redis, name: string): Promise<string[]> {
  const reply: unknown = await redis.xpending(STREAM, GROUP, '-', '+', BATCH_SIZE, name)
  return (Array.isArray(reply) ? reply : []).flatMap((row) => (Array.isArray(row) ? [String(row[0])] : []))
}

function isDeadNeighbour(name: string): boolean {
  const prefix = processConsumerName(0).slice(0, -1)
  if (!name.startsWith(prefix)) return false
  const pid = Number(name.slice(prefix.length).split(':')[0])
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
