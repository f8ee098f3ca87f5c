import type { Sql } from '../../../db/client.ts'
import { openDatabase } from '../../../db/client.ts'
import { repeatable } from '../../../db/repeatable.ts'
import { commitWithEvents } from '../../../server/inbox/commitWithEvents.ts'
import type { InboxEvent } from '../../../server/inbox/event.ts'
import { figure } from '../figure.ts'
import { subscription, Tab } from '../load/tab.ts'
import { type Crowd, crowdOf } from '../manyAgents.ts'
import { startProduct } from '../product.ts'
import type { Row } from '../row.ts'
import { percentile } from '../statistics.ts'

const GAP = 1000
const FULL_ROUNDS = 60
const QUICK_ROUNDS = 15
const CLIENTS = 1000
/** What happens while a thousand clients are away. */
const MISSED = 20
const WITHIN_MS = 60_000
const SEQ = /"id":"(\d+)"/

/** A tab that was away comes back to a cursor a thousand events ago: from the handshake to the last of them. */
export const catchUp: Row = async (stage, scale) => {
  const databaseUrl = await stage.freshDatabase()
  const server = await startProduct(stage, { databaseUrl, roles: 'server' })
  const crowd = await crowdOf(databaseUrl, { agents: 1, conversations: 1 })
  const client = openDatabase(databaseUrl, { connections: 2 })
  const from = await happen(client.sql, crowd, GAP)
  const tookMs: number[] = []
  for (let round = 0; round < (scale.isQuick ? QUICK_ROUNDS : FULL_ROUNDS); round++) {
    const startedAt = performance.now()
    const follower = await follow(server.port, crowd.agents[0]?.cookie ?? '', from)
    await follower.until(from + GAP)
    tookMs.push(performance.now() - startedAt)
    follower.check(from, GAP)
    follower.tab.close()
  }
  await client.close()
  const note = `p99 of ${tookMs.length}: handshake, subscription and ${GAP} events, none missed, none doubled; p50 ${percentile(tookMs, 0.5).toFixed(0)} ms`
  return [figure('catch-up', percentile(tookMs, 0.99), 'ms', { note })]
}

/** A thousand agents lose their sockets, the server is started anew, and all come back at once. */
export const reconnect: Row = async (stage) => {
  const databaseUrl = await stage.freshDatabase()
  const first = await startProduct(stage, { databaseUrl, roles: 'server' })
  const crowd = await crowdOf(databaseUrl, { agents: CLIENTS, conversations: 1 })
  const client = openDatabase(databaseUrl, { connections: 2 })
  const from = await happen(client.sql, crowd, 1)
  const comeBack = async (port: number, cursor: number, upTo: number) => {
    const followers = await Promise.all(crowd.agents.map(({ cookie }) => follow(port, cookie, cursor)))
    await Promise.all(followers.map((follower) => follower.until(upTo)))
    return followers
  }
  const before = await comeBack(first.port, from - 1, from)
  await first.stop()
  for (const { tab } of before) tab.close()
  await happen(client.sql, crowd, MISSED)
  const server = await startProduct(stage, { databaseUrl, roles: 'server' })
  const queriesBefore = await transactions(client.sql)
  const startedAt = performance.now()
  const followers = await comeBack(server.port, from, from + MISSED)
  const seconds = (performance.now() - startedAt) / 1000
  for (const follower of followers) {
    follower.check(from, MISSED)
    follower.tab.close()
  }
  await server.stop() // only then have its connections told what they did
  const queries = (await transactions(client.sql)) - queriesBefore
  await client.close()
  const note =
    `${CLIENTS} agents come back at once to a server that was started anew: handshake, subscription, ${MISSED} events that they missed; ` +
    `0 missed, 0 doubled; ${(queries / CLIENTS).toFixed(2)} queries each`
  return [figure('reconnect', seconds, 's', { note })]
}

/** Writes small events to the log, and returns the number of the first of them less one: a cursor before them. */
async function happen(sql: Sql, { workspaceId, channelId, conversationIds }: Crowd, count: number) {
  const conversationId = conversationIds[0] ?? ''
  const event: InboxEvent = {
    type: 'message.status',
    conversationId,
    messageId: conversationId,
    attempt: 1,
    status: 'read',
    error: null,
    wamid: null,
  }
  const one = { workspaceId, channelId, conversationId, event }
  await repeatable(sql, async (tx) =>
    commitWithEvents(
      tx,
      Array.from({ length: count }, () => one),
    ),
  )
  const [row] = await sql<{ last: string }[]>`
    select last_seq::text as last from event_counters where workspace_id = ${workspaceId}`
  return Number(row?.last) - (count === 1 ? 0 : count)
}

async function follow(port: number, cookie: string, cursor: number) {
  const seqs: number[] = []
  let target = Number.POSITIVE_INFINITY
  const reached = Promise.withResolvers<void>()
  const tab = await new Tab().open(port, cookie)
  tab.onFrame = (bytes) => {
    const text = bytes.toString()
    if (text.includes('"type":"resync"')) reached.reject(new Error('The cursor was refused'))
    if (!text.includes('"type":"event"')) return
    seqs.push(Number(SEQ.exec(text.slice(10))?.[1]))
    if ((seqs.at(-1) ?? 0) >= target) reached.resolve()
  }
  tab.send(subscription('live.feed', { lastEventId: String(cursor) }))
  return {
    tab,
    until(seq: number): Promise<void> {
      target = seq
      if ((seqs.at(-1) ?? 0) >= seq) return Promise.resolve()
      const late = Bun.sleep(WITHIN_MS).then(() => Promise.reject(new Error('Not all events came')))
      return Promise.race([reached.promise, late])
    },
    /** @throws unless exactly the events above the cursor came, in order */
    check(from: number, count: number): void {
      const isWhole = seqs.length === count && seqs.every((seq, index) => seq === from + 1 + index)
      if (!isWhole) throw new Error(`Of ${count} events ${seqs.length} came: ${seqs.slice(0, 5)} …`)
    },
  }
}

/** Each query outside a transaction is one of its own. */
async function transactions(sql: Sql): Promise<number> {
  await sql`select pg_stat_force_next_flush()`
  const [row] = await sql<{ count: string }[]>`
    select (xact_commit + xact_rollback)::text as count from pg_stat_database where datname = current_database()`
  return Number(row?.count)
}
