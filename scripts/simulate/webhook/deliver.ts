import type { Channel } from '../channel.ts'
import type { JournalEntry } from '../entry.ts'
import { updateKey } from '../entry.ts'
import type { History } from '../history.ts'
import { envelope } from './envelope.ts'
import { metaJson, sign } from './sign.ts'

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
  busy: boolean
  timer?: Timer
}

const maxInFlight = 32
const maxUpdatesPerPost = 50
const maxWaiting = 20_000

/**
 * Sends updates to the business's webhook, signed, in order for each customer.
 *
 * Every customer has a lane. A lane has one POST under way at most and holds its later updates back until the
 * POST has got its 200, so a retry never overtakes. Lanes do not wait for each other, as Meta's do not.
 * The first success after trouble wakes all lanes: a product that comes back is told at once.
 */
export class Deliveries {
  private readonly lanes = new Map<string, Lane>()
  private readonly stopping = new AbortController()
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

  enqueue(number: string, update: JournalEntry): void {
    if (this.waiting >= maxWaiting) {
      this.settle([update], 'dropped')
      return
    }
    const lane = this.lanes.get(number) ?? { updates: [], failures: 0, busy: false }
    this.lanes.set(number, lane)
    lane.updates.push(update)
    this.waiting++
    this.pump()
  }

  stop(): void {
    this.stopping.abort()
    for (const lane of this.lanes.values()) clearTimeout(lane.timer)
  }

  private pump(): void {
    if (this.stopping.signal.aborted) return
    for (const [number, lane] of this.lanes) {
      if (this.inFlight >= maxInFlight) return
      if (lane.busy || lane.timer) continue
      if (lane.updates.length === 0) this.lanes.delete(number)
      else void this.post(lane)
    }
  }

  private async post(lane: Lane): Promise<void> {
    lane.busy = true
    this.inFlight++
    const batch = lane.updates.slice(0, maxUpdatesPerPost)
    const trouble = await this.attempt(batch)
    lane.busy = false
    this.inFlight--
    if (this.stopping.signal.aborted) return
    if (trouble === undefined) this.succeed(lane, batch)
    else this.fail(lane, batch, trouble)
    this.onChange()
    this.pump()
  }

  private async attempt(batch: JournalEntry[]): Promise<string | undefined> {
    const body = metaJson(envelope(batch, this.history.world, this.channel))
    try {
      const answer = await fetch(this.webhookUrl, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'X-Hub-Signature-256': sign(body, this.channel.appSecret),
          'User-Agent': 'facebookexternalua',
        },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([this.stopping.signal, AbortSignal.timeout(this.policy.timeoutMs)]),
      })
      await answer.body?.cancel()
      return answer.status === 200 ? undefined : `HTTP ${answer.status}`
    } catch {
      return 'not reachable'
    }
  }

  private succeed(lane: Lane, batch: JournalEntry[]): void {
    this.remove(lane, batch.length)
    lane.failures = 0
    this.settle(batch, 'delivered')
    if (this.trouble === undefined) return
    this.trouble = undefined
    for (const other of this.lanes.values()) this.wake(other)
  }

  private fail(lane: Lane, batch: JournalEntry[], trouble: string): void {
    this.trouble = trouble
    const tooOld = batch.filter((update) => this.history.now() - update.at > this.policy.giveUpMs)
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
