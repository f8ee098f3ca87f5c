import type { Channel } from '../channel.ts'
import type { JournalEntry } from '../entry.ts'
import { updateKey } from '../entry.ts'
import type { History } from '../history.ts'
import { envelope } from './envelope.ts'
import { postSigned } from './post.ts'
import { metaJson } from './sign.ts'

export interface RetryPolicy {
  firstMs: number
  ceilingMs: number
  /** An update older than this is dropped when its POST fails once more. Meta tries for days; a demo need not. */
  giveUpMs: number
  timeoutMs: number
}

export const defaultRetryPolicy: RetryPolicy = {
  firstMs: 250,
  ceilingMs: 15_000,
  giveUpMs: 10 * 60_000,
  timeoutMs: 10_000,
}

export interface WebhookState {
  url: string
  waiting: number
  /** What went wrong last: `HTTP 503` or `not reachable`; undefined while all is well. */
  trouble?: string
}

interface Lane {
  updates: JournalEntry[]
  failures: number
  timer?: Timer
}

/** What one POST carries of one lane: its oldest updates. */
type Load = { lane: Lane; updates: JournalEntry[] }

const maxInFlight = 16
const maxUpdatesPerPost = 200
/** The rest between two POSTs: nothing at rest, and under load what makes Meta's batches. */
const restMs = 4
const maxWaiting = 1_000_000

/**
 * Sends updates to the business's webhook, signed, in order for each customer.
 *
 * Every customer has a lane. A lane has one POST under way at most and holds its later updates back until the
 * POST has got its 200, so a retry never overtakes. A POST takes what waits in all lanes that are ready, as Meta's do;
 * lanes in trouble wait for themselves. The first success after trouble wakes all lanes: a product that comes back is
 * told at once.
 */
export class Deliveries {
  private readonly lanes = new Map<string, Lane>()
  /** Lanes with something to send, with no POST under way and no wait, in the order in which they became so. */
  private readonly ready = new Set<Lane>()
  private readonly stopping = new AbortController()
  private rest: Timer | undefined
  private isPaused = false
  private inFlight = 0
  private waiting = 0
  private trouble: string | undefined

  constructor(
    private readonly webhookUrl: string,
    private readonly channel: Channel,
    private readonly history: History,
    private readonly policy: RetryPolicy,
    private readonly onChange: () => void,
  ) {}

  get state(): WebhookState {
    const { webhookUrl: url, waiting, trouble } = this
    return { url, waiting, ...(trouble === undefined ? {} : { trouble }) }
  }

  /** `key` names the lane: the customer's number, or what else the updates must stay in order for. */
  enqueue(key: string, update: JournalEntry): void {
    if (this.waiting >= maxWaiting) {
      this.settle([update], 'dropped')
      return
    }
    let lane = this.lanes.get(key)
    if (!lane) {
      lane = { updates: [], failures: 0 }
      this.lanes.set(key, lane)
      this.ready.add(lane)
    } else if (lane.updates.length === 0) this.ready.add(lane)
    lane.updates.push(update)
    this.waiting++
    this.pump()
  }

  /** Holds all webhooks back, as Meta's do on a bad day. */
  pause(): void {
    this.isPaused = true
  }

  resume(): void {
    this.isPaused = false
    this.pump()
  }

  stop(): void {
    this.stopping.abort()
    clearTimeout(this.rest)
    for (const lane of this.lanes.values()) clearTimeout(lane.timer)
  }

  private pump(): void {
    if (this.stopping.signal.aborted || this.isPaused || this.rest) return
    if (this.ready.size === 0 || this.inFlight >= maxInFlight) return
    this.rest = setTimeout(() => {
      this.rest = undefined
      this.pump()
    }, restMs)
    void this.post(this.take())
  }

  private take(): Load[] {
    const loads: Load[] = []
    let room = maxUpdatesPerPost
    for (const lane of this.ready) {
      if (room === 0) break
      const updates = lane.updates.slice(0, room)
      room -= updates.length
      loads.push({ lane, updates })
      this.ready.delete(lane)
    }
    return loads
  }

  private async post(loads: Load[]): Promise<void> {
    this.inFlight++
    const updates = loads.flatMap((load) => load.updates)
    const body = metaJson(envelope(updates, this.history.world, this.channel))
    const signal = AbortSignal.any([this.stopping.signal, AbortSignal.timeout(this.policy.timeoutMs)])
    const trouble = await postSigned(this.webhookUrl, body, this.channel.appSecret, signal)
    this.inFlight--
    if (this.stopping.signal.aborted) return
    if (trouble === undefined) this.succeed(loads)
    else for (const load of loads) this.fail(load, trouble)
    this.onChange()
    this.pump()
  }

  private succeed(loads: Load[]): void {
    this.settle(
      loads.flatMap((load) => load.updates),
      'delivered',
    )
    for (const { lane, updates } of loads) {
      this.remove(lane, updates.length)
      lane.failures = 0
      if (lane.updates.length > 0) this.ready.add(lane)
    }
    if (this.trouble === undefined) return
    this.trouble = undefined
    for (const other of this.lanes.values()) if (other.timer) this.wake(other)
  }

  private fail({ lane, updates }: Load, trouble: string): void {
    this.trouble = trouble
    const tooOld = updates.filter((update) => this.history.now() - update.at > this.policy.giveUpMs)
    // Within a lane updates are in order of age, so those that are too old come first.
    this.remove(lane, tooOld.length)
    this.settle(tooOld, 'dropped')
    const backoffMs = Math.min(this.policy.firstMs * 2 ** lane.failures, this.policy.ceilingMs)
    lane.failures++
    lane.timer = setTimeout(() => {
      this.wake(lane)
      this.pump()
    }, backoffMs)
  }

  private wake(lane: Lane): void {
    clearTimeout(lane.timer)
    delete lane.timer
    if (lane.updates.length > 0) this.ready.add(lane)
  }

  private remove(lane: Lane, count: number): void {
    lane.updates.splice(0, count)
    this.waiting -= count
  }

  private settle(updates: JournalEntry[], outcome: 'delivered' | 'dropped'): void {
    const keys = updates.map(updateKey).filter((key) => key !== undefined)
    if (keys.length > 0) this.history.record({ kind: 'webhook', at: this.history.now(), keys, outcome })
  }
}
