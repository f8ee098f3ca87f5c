import { join } from 'node:path'
import type { Chance } from './chance.ts'
import type { Channel } from './channel.ts'
import type { Faults } from './faults/faults.ts'
import { AccessToken } from './graph/accessToken.ts'
import type { GraphApi, Trespass } from './graph/graphApi.ts'
import { describeMedia } from './graph/media.ts'
import { History } from './history.ts'
import { type LimitSettings, Limits } from './limits.ts'
import type { Live } from './live.ts'
import { MediaStore } from './media/mediaStore.ts'
import { laneOf, numberOf } from './numberOf.ts'
import { Phones } from './phones.ts'
import { type StatusDelays, Statuses } from './statuses.ts'
import { TemplateBook } from './templateBook.ts'
import type { Template } from './templates.ts'
import { Deliveries, type RetryPolicy } from './webhook/deliver.ts'

/** What all numbers of a simulator share. */
export interface Setting {
  webhookUrl: string
  now: () => number
  chance: Chance
  slowMs: number
  trespasses: Trespass[]
  live: Live
  delays: StatusDelays
  retry: RetryPolicy
  /** Of the simulator itself, where files are fetched. */
  origin: () => string
}

interface Own {
  channel: Channel
  dataDir?: string | undefined
  faults: Faults
  limits?: Partial<LimitSettings> | undefined
  templates?: readonly Template[] | undefined
  isSubscribed: boolean
}

export type Business = ReturnType<typeof openBusiness>

/** One number with all that is its own: what happened on it, its customers' phones, its token, its webhooks. */
export function openBusiness(setting: Setting, own: Own) {
  const { webhookUrl, now, chance, slowMs, trespasses, live, delays, retry, origin } = setting
  const { channel, dataDir, faults } = own
  const history = new History(dataDir && join(dataDir, 'journal.jsonl'), now, own.templates)
  const media = new MediaStore(dataDir && join(dataDir, 'media'), history)
  const limits = new Limits(own.limits ?? {}, now)
  const token = new AccessToken(channel, now)
  const templates = new TemplateBook(history)
  const deliveries = new Deliveries(webhookUrl, channel, history, retry, () => live.tell({}))
  const statuses = new Statuses(history, delays, chance)
  const phones = new Phones(history, channel, {
    chance,
    media,
    addressOf: (file) => String(describeMedia(file, origin(), history.now()).url),
  })
  const graph: GraphApi = {
    ...{ channel, history, media, limits, faults, token, slowMs, trespasses },
    subscription: { isOn: own.isSubscribed },
  }

  return {
    ...{ channel, history, media, limits, token, templates, deliveries, statuses, phones, faults, graph },
    /** Goes on with what an earlier run left behind, and acts on what happens from now on. */
    start() {
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
    },
    stop() {
      statuses.stop()
      deliveries.stop()
    },
  }
}
