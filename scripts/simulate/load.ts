import { between, pick, seededChance } from './chance.ts'
import type { Channel } from './channel.ts'
import { userIdOf } from './customers.ts'
import type { InboundMessage, JournalEntry } from './entry.ts'
import { newWamid } from './identity.ts'
import { envelope } from './webhook/envelope.ts'
import { postSigned } from './webhook/post.ts'
import { metaJson } from './webhook/sign.ts'
import { World } from './world.ts'

export interface LoadOptions {
  webhookUrl: string
  channel: Channel
  ratePerSecond: number
  durationSeconds: number
  customers: number
  seed: number
}

export interface LoadResult {
  sent: number
  accepted: number
  other: number
  p50Ms: number
  p99Ms: number
}

const tickMs = 5
const answerTimeoutMs = 30_000
const phrases = [
  'Does it come in another color?',
  'When will it arrive?',
  'Obrigada! 🙏',
  'Ist das noch verfügbar?',
  '¿Puedo cambiar la dirección?',
  'هل يمكن التوصيل غدًا؟',
  'It is the second parcel that arrives damaged. Order 4471.',
]

/** True for a webhook on this machine: load goes nowhere else. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/**
 * Posts signed text messages at a fixed rate, whatever the answers do (an open loop).
 *
 * A latency runs from the moment when the message was due, so a webhook that stalls cannot hide the wait of those
 * behind it.
 */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const chance = seededChance(options.seed)
  const world = new World()
  const numbers = Array.from({ length: options.customers }, (_, index) => `1555${String(2_000_000 + index)}`)
  for (const [index, number] of numbers.entries()) world.customer(number).name = `Customer ${index + 1}`
  const total = Math.round(options.ratePerSecond * options.durationSeconds)
  const latencies: number[] = []
  const underWay: Promise<void>[] = []
  let accepted = 0
  const startedAt = performance.now()

  const post = async (dueAt: number, body: Uint8Array<ArrayBuffer>) => {
    const { webhookUrl, channel } = options
    const signal = AbortSignal.timeout(answerTimeoutMs)
    if ((await postSigned(webhookUrl, body, channel.appSecret, signal)) === undefined) accepted++
    latencies.push(performance.now() - dueAt)
  }
  while (underWay.length < total) {
    const due = Math.min(
      total,
      Math.floor(((performance.now() - startedAt) / 1000) * options.ratePerSecond) + 1,
    )
    while (underWay.length < due) {
      const dueAt = startedAt + (underWay.length / options.ratePerSecond) * 1000
      const message = textFrom(
        pick(chance, numbers),
        `${pick(chance, phrases)} (${between(chance, [1, 9999])})`,
      )
      underWay.push(post(dueAt, metaJson(envelope([message], world, options.channel))))
    }
    await Bun.sleep(tickMs)
  }
  await Promise.all(underWay)
  latencies.sort((one, other) => one - other)
  return {
    sent: total,
    accepted,
    other: total - accepted,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? 0,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? 0,
  }
}

function textFrom(number: string, body: string): JournalEntry {
  const at = Date.now()
  const message: InboundMessage = {
    from: number,
    from_user_id: userIdOf(number),
    id: newWamid(number, 'customer'),
    timestamp: String(Math.floor(at / 1000)),
    type: 'text',
    text: { body },
  }
  return { kind: 'inbound', at, number, message }
}
