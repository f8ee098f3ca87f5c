import { openDatabase } from '../../../db/client.ts'
import { repeatable } from '../../../db/repeatable.ts'
import { commitWithEvents } from '../../../server/inbox/commitWithEvents.ts'
import { conversationsById } from '../../../server/inbox/readConversations.ts'
import { messagesById } from '../../../server/inbox/readMessages.ts'
import { figure } from '../figure.ts'
import { subscription, Tab } from '../load/tab.ts'
import { crowdOf } from '../manyAgents.ts'
import { startProduct } from '../product.ts'
import type { Row } from '../row.ts'
import { median, spread } from '../statistics.ts'

const SOCKETS = 1000
const SOCKETS_PER_AGENT = 40
const FULL_EVENTS = 200
const QUICK_EVENTS = 60
/** Cursors, pings and the like are shorter than any event. */
const SHORTEST_EVENT = 400
const WITHIN_MS = 60_000

/** New messages to a thousand open tabs, beside the same bytes published by Bun to as many sockets. */
export const fanOut: Row = async (stage, scale) => {
  const events = scale.isQuick ? QUICK_EVENTS : FULL_EVENTS
  const databaseUrl = await stage.freshDatabase()
  const server = await startProduct(stage, { databaseUrl, roles: 'server' })
  const { agents, workspaceId, channelId } = await crowdOf(databaseUrl, {
    agents: SOCKETS / SOCKETS_PER_AGENT,
    conversations: 1,
  })
  const bare = await stage.start('scripts/bench/baseline/publish.ts')
  const client = openDatabase(databaseUrl, { connections: 2 })
  const [known] = await client.sql<{ id: string; conversationId: string }[]>`
    select id, conversation_id from messages where channel_id = ${channelId} and direction = 'in' limit 1`
  if (!known) throw new Error('The demo has no message')
  const [[message], [conversation]] = await Promise.all([
    messagesById(client.sql, [known.id]),
    conversationsById(client.sql, [known.conversationId]),
  ])
  if (!message || !conversation) throw new Error('The message of the demo can not be read')
  const event = { type: 'message.added' as const, message, conversation, reaction: null }
  const one = { workspaceId, channelId, conversationId: conversation.id, event }

  let frame = ''
  let arrived = 0
  let done = Promise.withResolvers<void>()
  let expected = 0
  const count = (bytes: Buffer) => {
    if (bytes.length < SHORTEST_EVENT) return
    if (frame === '') frame = bytes.toString()
    if (++arrived === expected) done.resolve()
  }
  const openAll = (port: number, start: object | null) =>
    Promise.all(
      Array.from({ length: SOCKETS }, async (_, index) => {
        const tab = new Tab()
        tab.onFrame = count
        await tab.open(port, agents[index % agents.length]?.cookie ?? '')
        if (start) tab.send(start)
        return tab
      }),
    )
  const [{ cursor } = { cursor: '0' }] = await client.sql<{ cursor: string }[]>`
    select last_seq::text as cursor from event_counters where workspace_id = ${workspaceId}`
  const tabs = await openAll(server.port, subscription('live.feed', { lastEventId: cursor }))
  const raw = await openAll(bare.port, null)
  /** Deliveries a second, from the word to the last socket. */
  const measure = async (tell: () => Promise<unknown>, times: number) => {
    arrived = 0
    expected = SOCKETS * times
    done = Promise.withResolvers<void>()
    const startedAt = performance.now()
    await tell()
    const late = Bun.sleep(WITHIN_MS).then(() => {
      throw new Error(`${arrived} of ${expected} frames came within ${WITHIN_MS} ms`)
    })
    await Promise.race([done.promise, late])
    return expected / ((performance.now() - startedAt) / 1000)
  }
  const byFeed = (times: number) =>
    measure(async () => {
      await repeatable(client.sql, async (tx) =>
        commitWithEvents(
          tx,
          Array.from({ length: times }, () => one),
        ),
      )
      await stage.redis.publish('baton:bell:events', workspaceId)
    }, times)
  const byBun = (times: number) =>
    measure(() => fetch(bare.url, { method: 'POST', body: JSON.stringify({ text: frame, times }) }), times)

  await byFeed(5)
  await byBun(5)
  const pairs = { feed: [] as number[], bun: [] as number[] }
  for (let pair = 0; pair < scale.pairs + 1; pair++) {
    pairs.feed.push(await byFeed(events))
    pairs.bun.push(await byBun(events))
  }
  for (const tab of [...tabs, ...raw]) tab.close()
  await client.close()
  const ratio = median(pairs.feed.map((rate, index) => rate / (pairs.bun[index] ?? Number.NaN)))
  const note =
    `${events} new messages at once to ${SOCKETS} sockets, frames of ${frame.length} bytes, from the commit to the last socket; ` +
    `spread ${spread(pairs.feed)}; baseline: ws.publish of the same bytes to as many sockets of a bare Bun.serve`
  return [figure('fan-out', median(pairs.feed), 'frames/s', { baseline: median(pairs.bun), ratio, note })]
}
