import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { type Business, openBusiness } from './business.ts'
import { seededChance } from './chance.ts'
import { type Channel, demoChannel, secondChannel } from './channel.ts'
import { answerControl, type Control } from './control/control.ts'
import { type SeedCustomer, seedCustomers } from './customers.ts'
import { Faults } from './faults/faults.ts'
import type { AccessToken } from './graph/accessToken.ts'
import { answerGraph } from './graph/api.ts'
import type { Trespass } from './graph/graphApi.ts'
import type { LimitSettings, Limits } from './limits.ts'
import { Live } from './live.ts'
import page from './page/index.html'
import type { Phones } from './phones.ts'
import { realisticDelays, type StatusDelays, type Statuses } from './statuses.ts'
import type { TemplateBook } from './templateBook.ts'
import type { Template } from './templates.ts'
import {
  type Deliveries,
  defaultRetryPolicy,
  type RetryPolicy,
  type WebhookState,
} from './webhook/deliver.ts'
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
  /** One more number, of an account and an app of its own; its account delivers nothing before it is subscribed to. */
  addNumber(channel?: Partial<Channel>): Business
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
  const live = new Live()
  const faults = new Faults(options.faults ?? '', chance, now)
  const trespasses: Trespass[] = []
  const setting = {
    ...{ webhookUrl, now, chance, slowMs, trespasses, live, origin: () => server.url.origin },
    delays: { ...realisticDelays, ...options.delays },
    retry: { ...defaultRetryPolicy, ...options.retry },
  }
  const main = openBusiness(setting, {
    channel,
    dataDir,
    faults,
    limits: options.limits,
    templates: options.templates,
    isSubscribed: true,
  })
  const { history, media, phones, limits, templates, token, statuses, deliveries } = main
  const businesses = [main]
  const addNumber = (more: Partial<Channel> = {}): Business => {
    const another = { ...secondChannel, ...more }
    const folder = dataDir && join(dataDir, `number-${another.phoneNumberId}`)
    const theirs = new Faults('', chance, now)
    const business = openBusiness(setting, {
      channel: another,
      dataDir: folder,
      faults: theirs,
      isSubscribed: false,
    })
    for (const { name, number } of options.customers ?? seedCustomers) {
      if (business.history.isNew) business.phones.add(name, number)
    }
    // What somebody connected in an earlier run stays connected.
    business.graph.subscription.isOn = !business.history.isNew
    businesses.push(business)
    business.start()
    return business
  }
  const simulator = {
    ...{ channel, phones, faults, limits, templates, token, statuses, webhook: deliveries },
    trespasses,
    webhookState: () => deliveries.state,
    setFaults: (list: string) => faults.set(list),
    shakeHands: () => shakeHands(webhookUrl, channel),
    addNumber,
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
        : await answerGraph(
            request,
            businesses.map(({ graph }) => graph),
          )
      return answer ?? new Response('Not found', { status: 404 })
    },
  })

  if (history.isNew) {
    for (const { name, number } of options.customers ?? seedCustomers) phones.add(name, number)
  }
  main.start()

  const url = server.url.origin
  return {
    ...simulator,
    url,
    apiUrl: `${url}/v24.0`,
    async stop() {
      for (const business of businesses) business.stop()
      live.stop()
      await server.stop(true)
      for (const business of businesses) business.history.close()
    },
  }
}

/** Another site's page must not write as a customer: browsers say where a request comes from. */
function isForeign(request: Request): boolean {
  const origin = request.headers.get('origin')
  return origin !== null && origin !== new URL(request.url).origin
}
