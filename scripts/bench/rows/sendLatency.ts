import postgres from 'postgres'
import { cookieOf } from '../agents.ts'
import { figure } from '../figure.ts'
import type { GraphLog } from '../limitedGraph.ts'
import { startProduct } from '../product.ts'
import type { Row } from '../row.ts'
import { percentile } from '../statistics.ts'

const FULL_COUNT = 200
const QUICK_COUNT = 50
/** An agent is never this fast; the point is that nothing else is going on. */
const PAUSE_MS = 60
const RATE = 80

/** From the click of an agent to the request at WhatsApp, when nothing else is going on. */
export const sendLatency: Row = async (stage, scale) => {
  const databaseUrl = await stage.freshDatabase()
  const graph = await stage.start('scripts/bench/limitedGraph.ts')
  await fetch(`${graph.url}/reset?rate=${RATE}`)
  const server = await startProduct(stage, { databaseUrl, roles: 'server,send', graphUrl: graph.url })
  const headers = {
    'content-type': 'application/json',
    cookie: await cookieOf(server.url, 'carla'),
    origin: server.url,
  }
  const conversationIds = await openConversations(databaseUrl)
  const send = async (number: number): Promise<number> => {
    const conversationId = conversationIds[number % conversationIds.length]
    const sentAtMs = Date.now()
    const response = await fetch(`${server.url}/trpc/messages.send`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ conversationId, clientMessageId: crypto.randomUUID(), body: String(number) }),
    })
    if (!response.ok) throw new Error(`messages.send answered ${response.status}: ${await response.text()}`)
    return sentAtMs
  }
  const count = scale.isQuick ? QUICK_COUNT : FULL_COUNT
  const sentAtMs: number[] = []
  for (let number = 0; number < count; number++) {
    sentAtMs.push(await send(number))
    await Bun.sleep(PAUSE_MS)
  }
  const { accepted } = (await (await fetch(`${graph.url}/log`)).json()) as GraphLog
  const arrivedAtMs = new Map(accepted.map(({ text, atMs }) => [Number(text), atMs]))
  // The first ones are slower: connections are opened, and code is compiled.
  const latencies = sentAtMs.slice(10).map((at, index) => (arrivedAtMs.get(index + 10) ?? Number.NaN) - at)
  if (latencies.some(Number.isNaN)) throw new Error('A message did not arrive')
  const note = `messages.send over HTTP to the request at the Graph API, ${latencies.length} sends one by one; p50 ${percentile(latencies, 0.5)} ms`
  return [figure('send-latency', percentile(latencies, 0.99), 'ms', { note })]
}

async function openConversations(databaseUrl: string): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1 })
  try {
    const rows = await sql<{ id: string }[]>`
      select id from conversations where last_inbound_at > now() - interval '20 hours' order by id`
    return rows.map((row) => row.id)
  } finally {
    await sql.end()
  }
}
