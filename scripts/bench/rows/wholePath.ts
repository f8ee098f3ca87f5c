import postgres from 'postgres'
import { cookieOf, subscriberOf } from '../agents.ts'
import { type Figure, figure } from '../figure.ts'
import { backlogOf } from '../fill.ts'
import type { Result } from '../load/plan.ts'
import { startProduct } from '../product.ts'
import { type Row, runId } from '../row.ts'
import type { Actor, Stage } from '../stage.ts'
import { cpuSecondsOf } from '../usage.ts'

const CONNECTIONS = 64
const CONTACTS = 2000
/** Enough for the consumer's largest batches to be always full; half a second's work at most. */
const WINDOW = 4000
const FULL_SECONDS = 60
const QUICK_SECONDS = 6
const WARM_UP_SECONDS = 2

/** POST, stream, database, feed, socket: what all of it together keeps up with, one message a POST. */
export const wholePath: Row = async (stage, scale) => {
  const databaseUrl = await stage.freshDatabase()
  const server = await startProduct(stage, { databaseUrl, roles: 'server,consume' })
  const cookie = await cookieOf(server.url, 'ana')
  await throughPath(stage, server, { databaseUrl, cookie, seconds: WARM_UP_SECONDS, perPost: 1 })
  const seconds = scale.isQuick ? QUICK_SECONDS : FULL_SECONDS
  const before = cpuOfAll(stage, server)
  const result = await throughPath(stage, server, { databaseUrl, cookie, seconds, perPost: 1 })
  const cpu = cpuOfAll(stage, server)
  const thousands = result.accepted / 1000
  const perThousand = (name: keyof typeof cpu) => ((cpu[name] - before[name]) / thousands).toFixed(3)
  const doubled = await doubledIn(databaseUrl)
  const note =
    `${seconds} s, one message a POST, window of ${WINDOW}; one subscriber saw all of them (${result.live?.reconnects ?? 0} reconnects); ` +
    `doubled: ${doubled}; CPU s per 1,000 messages: server with consumer ${perThousand('server')}, PostgreSQL ${perThousand('postgres')}, ` +
    `Redis ${perThousand('redis')}, generator ${(result.cpuSeconds / thousands).toFixed(3)}`
  return [figure('whole-path', result.accepted / result.seconds, 'messages/s', { note })] satisfies Figure[]
}

/** Sends through the whole path as fast as it goes. @throws when the subscriber did not see all that was accepted */
export async function throughPath(
  stage: Stage,
  server: Actor,
  what: { databaseUrl: string; cookie: string; seconds: number; perPost: number; messages?: number },
): Promise<Result> {
  const generator = await stage.generator()
  const run = runId()
  const result = await generator.run({
    mode: 'window',
    seconds: what.seconds,
    messages: what.messages ?? Number.MAX_SAFE_INTEGER,
    window: WINDOW,
    connections: CONNECTIONS,
    port: server.port,
    subscriber: await subscriberOf(what.databaseUrl, what.cookie),
    what: { kind: 'webhook', messagesPerPost: what.perPost, contacts: CONTACTS, run },
  })
  const accepted = result.accepted * what.perPost
  const { live } = result
  if (live?.seen !== accepted) {
    throw new Error(
      `${accepted} messages were accepted and the subscriber saw ${live?.seen} (${live?.reconnects} reconnects, ` +
        `${live?.resyncs} resyncs); ${await whereabouts(stage, what.databaseUrl, run)}`,
    )
  }
  return result
}

/** Where messages are that nobody saw: a failed run has to say what was lost, and where. */
async function whereabouts(stage: Stage, databaseUrl: string, run: string): Promise<string> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const [row] = await sql<{ stored: number; logged: number; dead: number }[]>`
      select (select count(*)::int from messages where wamid like ${`%${run}%`}) as stored,
             (select count(*)::int from events where type = 'message.added' and payload::text like ${`%${run}%`}) as logged,
             (select count(*)::int from dead_letters) as dead`
    return `stored ${row?.stored}, in the event log ${row?.logged}, dead letters ${row?.dead}, in the stream ${await backlogOf(stage.redis)}`
  } finally {
    await sql.end()
  }
}

/** How many wamids are stored more than once. */
export async function doubledIn(databaseUrl: string): Promise<number> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const [row] = await sql<{ doubled: number }[]>`
      select (count(wamid) - count(distinct wamid))::int as doubled from messages`
    return row?.doubled ?? Number.NaN
  } finally {
    await sql.end()
  }
}

function cpuOfAll(stage: Stage, server: Actor): { server: number; postgres: number; redis: number } {
  return {
    server: cpuSecondsOf(server.pid),
    postgres: cpuSecondsOf(stage.pids.postgres, true),
    redis: cpuSecondsOf(stage.pids.redis),
  }
}
