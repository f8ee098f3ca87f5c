import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { seededChance } from './chance.ts'
import { type Channel, demoChannel } from './channel.ts'
import { answerControl, type Control } from './control.ts'
import { type SeedCustomer, seedCustomers } from './customers.ts'
import { parseFaults, strike } from './faults.ts'
import { answerGraph } from './graph/api.ts'
import { describeMedia } from './graph/media.ts'
import { History } from './history.ts'
import { Live } from './live.ts'
import { MediaStore } from './media/mediaStore.ts'
import { numberOf } from './numberOf.ts'
import page from './page/index.html'
import { Phones } from './phones.ts'
import { realisticDelays, type StatusDelays, Statuses } from './statuses.ts'
import { Deliveries, defaultRetryPolicy, type RetryPolicy, type WebhookState } from './webhook/deliver.ts'
import { shakeHands } from './webhook/handshake.ts'

export interface SimulatorOptions {
  webhookUrl: string
  /** 0, the default, picks a free one. */
  port?: number
  host?: string
  /** What differs from the demo's number and secrets. */
  channel?: Partial<Channel>
  /** Where the journal and the files are kept; without it they live in memory. */
  dataDir?: string
  delays?: Partial<StatusDelays>
  retry?: Partial<RetryPolicy>
  /** As on the command line: `429:0.2,5xx`. */
  faults?: string
  /** Repeats the same delays and faults; ids stay unique. */
  seed?: number
  /** The phones of a simulator that has no journal yet. */
  customers?: readonly SeedCustomer[]
  now?: () => number
}

export interface Simulator {
  url: string
  /** The value for WHATSAPP_API_URL. */
  apiUrl: string
  channel: Channel
  phones: Phones
  webhookState(): WebhookState
  setFaults(list: string): void
  /** Meta's GET handshake with the webhook; true when it was answered rightly. */
  shakeHands(): Promise<boolean>
  stop(): Promise<void>
}

/** Hours would do; Bun's default of ten seconds would turn `timeout-after-accept` into a reset. */
const idleTimeoutSeconds = 240

/** Starts a Graph API with customers' phones on this machine. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const channel = { ...demoChannel, ...options.channel }
  const chance = seededChance(options.seed ?? randomInt(2 ** 32))
  const history = new History(
    options.dataDir && join(options.dataDir, 'journal.jsonl'),
    options.now ?? Date.now,
  )
  const media = new MediaStore(options.dataDir && join(options.dataDir, 'media'), history)
  const live = new Live()
  let faults = parseFaults(options.faults ?? '')

  const deliveries = new Deliveries(
    options.webhookUrl,
    channel,
    history,
    { ...defaultRetryPolicy, ...options.retry },
    () => live.tell({}),
  )
  const statuses = new Statuses(history, { ...realisticDelays, ...options.delays }, chance)
  const phones = new Phones(history, channel, media, chance, (file) =>
    String(describeMedia(file, server.url.origin, history.now()).url),
  )

  const control: Control = {
    phones,
    media,
    history,
    webhookState: () => deliveries.state,
    setFaults: (list) => {
      faults = parseFaults(list)
    },
    shakeHands: () => shakeHands(options.webhookUrl, channel),
  }
  const graph = { channel, history, media, nextFault: () => strike(faults, chance) }

  const server = Bun.serve({
    port: options.port ?? 0,
    hostname: options.host ?? '127.0.0.1',
    idleTimeout: idleTimeoutSeconds,
    development: false,
    routes: { '/': page },
    async fetch(request, bun) {
      const { pathname } = new URL(request.url)
      if (pathname.startsWith('/simulator/') && isForeign(request))
        return new Response('Forbidden', { status: 403 })
      if (pathname === '/simulator/live') {
        bun.timeout(request, 0)
        return live.open(request.signal)
      }
      const answer = pathname.startsWith('/simulator/')
        ? await answerControl(request, control)
        : await answerGraph(request, graph)
      return answer ?? new Response('Not found', { status: 404 })
    },
  })

  if (history.isNew) {
    for (const { name, number } of options.customers ?? seedCustomers) phones.add(name, number)
  }
  for (const update of history.world.unsettled.values()) {
    const number = numberOf(update, history.world)
    if (number !== undefined) deliveries.enqueue(number, update)
  }
  history.subscribe((entry) => {
    const number = numberOf(entry, history.world)
    if (number !== undefined && (entry.kind === 'inbound' || entry.kind === 'status')) {
      deliveries.enqueue(number, entry)
    }
    statuses.follow(entry)
    live.tell(number === undefined ? {} : { number })
  })
  statuses.resume()

  const url = server.url.origin
  return {
    url,
    apiUrl: `${url}/v24.0`,
    channel,
    phones,
    webhookState: control.webhookState,
    setFaults: control.setFaults,
    shakeHands: control.shakeHands,
    async stop() {
      statuses.stop()
      deliveries.stop()
      live.stop()
      await server.stop(true)
      history.close()
    },
  }
}

/** Another site's page must not write as a customer: browsers say where a request comes from. */
function isForeign(request: Request): boolean {
  const origin = request.headers.get('origin')
  return origin !== null && origin !== new URL(request.url).origin
}
