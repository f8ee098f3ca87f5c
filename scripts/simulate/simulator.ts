import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { seededChance } from './chance.ts'
import { type Channel, demoChannel } from './channel.ts'
import { answerControl, type Control } from './control/control.ts'
import { type SeedCustomer, seedCustomers } from './customers.ts'
import { Faults } from './faults/faults.ts'
import { AccessToken } from './graph/accessToken.ts'
import { answerGraph } from './graph/api.ts'
import type { GraphApi, Trespass } from './graph/graphApi.ts'
import { describeMedia } from './graph/media.ts'
import { History } from './history.ts'
import { type LimitSettings, Limits } from './limits.ts'
import { Live } from './live.ts'
import { MediaStore } from './media/mediaStore.ts'
import { laneOf, numberOf } from './numberOf.ts'
import page from './page/index.html'
import { Phones } from './phones.ts'
import { realisticDelays, type StatusDelays, Statuses } from './statuses.ts'
import { TemplateBook } from './templateBook.ts'
import type { Template } from './templates.ts'
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
  /** Off unless given. */
  limits?: Partial<LimitSettings>
  /** How long slow answers and slow files take. */
  slowMs?: number
  /** Repeats the same delays and faults; ids stay unique. */
  seed?: number
  /** The phones of a simulator that has no journal yet. */
  customers?: readonly SeedCustomer[]
  /** Instead of those of the demo. */
  templates?: readonly Template[]
  now?: () => number
}

export interface Simulator {
  url: string
  /** The value for WHATSAPP_API_URL. */
  apiUrl: string
  channel: Channel
  phones: Phones
  /** What goes wrong on purpose. */
  faults: Faults
  /** Throughput and pair rate, and the log of who broke them. */
  limits: Limits
  templates: TemplateBook
  token: AccessToken
  /** Requests that followed a file's address to another host. */
  trespasses: readonly Trespass[]
  /** Tells statuses by hand, in any order. */
  statuses: Pick<Statuses, 'tell'>
  /** Holds all webhooks back, and lets them go. */
  webhook: Pick<Deliveries, 'pause' | 'resume'>
  webhookState(): WebhookState
  setFaults(list: string): void
  /** Meta's GET handshake with the webhook; true when it was answered rightly. */
  shakeHands(): Promise<boolean>
  stop(): Promise<void>
}

/** Hours would do; Bun's default of ten seconds would turn `timeout-after-accept` into a reset. */
const idleTimeoutSeconds = 240
const defaultSlowMs = 5000

/** Starts a Graph API with customers' phones on this machine. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { dataDir, webhookUrl, now = Date.now, slowMs = defaultSlowMs } = options
  const channel = { ...demoChannel, ...options.channel }
  const chance = seededChance(options.seed ?? randomInt(2 ** 32))
  const history = new History(dataDir && join(dataDir, 'journal.jsonl'), now, options.templates)
  const media = new MediaStore(dataDir && join(dataDir, 'media'), history)
  const live = new Live()
  const faults = new Faults(options.faults ?? '', chance, now)
  const limits = new Limits(options.limits ?? {}, now)
  const token = new AccessToken(channel, now)
  const templates = new TemplateBook(history)
  const retry = { ...defaultRetryPolicy, ...options.retry }
  const deliveries = new Deliveries(webhookUrl, channel, history, retry, () => live.tell({}))
  const statuses = new Statuses(history, { ...realisticDelays, ...options.delays }, chance)
  const phones = new Phones(history, channel, {
    chance,
    media,
    addressOf: (file) => String(describeMedia(file, server.url.origin, history.now()).url),
  })
  const graph: GraphApi = {
    ...{ channel, history, media, limits, faults, token, slowMs },
    subscription: { isOn: true },
    trespasses: [],
  }
  const simulator = {
    ...{ channel, phones, faults, limits, templates, token, statuses, webhook: deliveries },
    trespasses: graph.trespasses,
    webhookState: () => deliveries.state,
    setFaults: (list: string) => faults.set(list),
    shakeHands: () => shakeHands(webhookUrl, channel),
  }
  const control: Control = { ...simulator, media, history }

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
    const lane = laneOf(update, history.world)
    if (lane !== undefined) deliveries.enqueue(lane, update)
  }
  history.subscribe((entry) => {
    const lane = graph.subscription.isOn ? laneOf(entry, history.world) : undefined
    if (lane !== undefined) deliveries.enqueue(lane, entry)
    if (entry.kind === 'inbound') limits.countInbound()
    statuses.follow(entry)
    const number = numberOf(entry, history.world)
    live.tell(number === undefined ? {} : { number })
  })
  statuses.resume()

  const url = server.url.origin
  return {
    ...simulator,
    url,
    apiUrl: `${url}/v24.0`,
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
