import type Redis from 'ioredis'
import { infoFields } from '../../server/ingest/infoFields.ts'
import { GROUP, STREAM } from '../../server/ingest/stream.ts'
import { oldestWaiting } from '../../server/ingest/streamState.ts'
import { type Finding, fine, problem } from './finding.ts'

/** The settings on which "200 means stored" stands, and what breaks without each. */
const SETTINGS = [
  {
    name: 'appendonly',
    is: (value: string) => value === 'yes',
    want: 'yes',
    why: 'without it a restart of Redis loses everything that is not stored yet',
  },
  {
    name: 'appendfsync',
    is: (value: string) => value === 'always',
    want: 'always',
    why: 'with any other value a power cut loses up to a second of deliveries that were answered with 200',
  },
  {
    name: 'maxmemory-policy',
    is: (value: string) => value === 'noeviction',
    want: 'noeviction',
    why: 'any other policy lets Redis throw away the stream itself when memory is short',
  },
  {
    name: 'maxmemory',
    is: (value: string) => Number(value) > 0,
    want: '512mb',
    why: 'without a limit noeviction never refuses, and the machine runs out of memory instead',
  },
] as const

/** An entry that waits longer than this means that nobody consumes, or that nobody can store. */
const OLDEST_WAIT_MS = 60_000

/** Settings, backlog and age of the stream. */
export async function redisHealth(redis: Redis): Promise<Finding[]> {
  return [...(await settings(redis)), ...(await backlog(redis))]
}

async function settings(redis: Redis): Promise<Finding[]> {
  return Promise.all(
    SETTINGS.map(async ({ name, is, want, why }) => {
      const reply: unknown = await redis.config('GET', name).catch(() => [])
      const value = Array.isArray(reply) && reply[1] !== undefined ? String(reply[1]) : null
      const what = `Redis ${name}`
      if (value === null)
        return problem(what, 'this Redis does not tell (CONFIG is disabled)', `make sure that it is ${want}`)
      return is(value)
        ? fine(what, value)
        : problem(what, `it is "${value}": ${why}`, `redis-cli CONFIG SET ${name} ${want}, and in redis.conf`)
    }),
  )
}

async function backlog(redis: Redis): Promise<Finding[]> {
  const groups: unknown = await redis.xinfo('GROUPS', STREAM).catch(() => null)
  if (!Array.isArray(groups)) return [fine('Stream', `${STREAM} is not there yet: no webhook has come`)]
  const group = groups.map(infoFields).find((one) => one.name === GROUP)
  if (!group)
    return [
      problem(
        'Stream',
        `${STREAM} has no group "${GROUP}": nobody stores what comes`,
        'start a consumer: bun run consume',
      ),
    ]
  const waiting = Number(group.lag ?? 0) + Number(group.pending ?? 0)
  const backlogFinding = fine(
    'Stream',
    `${group.lag ?? 'unknown'} not handed out, ${group.pending} in hand, ${group.consumers} consumers`,
  )
  const oldest = await oldestWaiting(redis, String(group['last-delivered-id']))
  if (waiting === 0 || oldest === null) return [backlogFinding]
  const ageMs = Date.now() - oldest.getTime()
  if (ageMs < OLDEST_WAIT_MS) return [backlogFinding, fine('Oldest waiting', `${Math.round(ageMs / 1000)} s`)]
  return [
    backlogFinding,
    problem(
      'Oldest waiting',
      `a delivery has waited for ${Math.round(ageMs / 1000)} s to be stored`,
      'look at the consumer’s log; start another with bun run consume',
    ),
  ]
}
