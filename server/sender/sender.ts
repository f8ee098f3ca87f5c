import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import type { Bell } from '../live/bell.ts'
import { waitFor } from '../live/wait.ts'
import type { Graph, GraphOutcome } from '../whatsapp/graph.ts'
import { retryAt } from '../whatsapp/graphError.ts'
import { type Claimed, claim } from './claim.ts'
import { expireClaims, LEASE_MS } from './expire.ts'
import { type Outcome, type Settlement, settle } from './settle.ts'

export type SenderParts = { sql: Sql; bell: Bell; graph: Graph; log: Logger; now(): Date }

const MOST_IN_FLIGHT = 50
/** A bell may be lost, and what waits for a later moment has no bell: the outbox is looked at this often anyway. */
const LOOK_EVERY_MS = 1000
const EXPIRE_EVERY_MS = 10_000
/** A message claimed longer ago than this is not sent any more: its lease could end while the request is under way. */
const STALE_CLAIM_MS = LEASE_MS / 2
const UNREACHED_WAIT_MS = 3000
const LONGEST_BACKOFF_MS = 5000

/** Sends what is in the outbox. Any number of senders share it. See `claim.ts` for the states. */
export class Sender {
  readonly #parts: SenderParts
  readonly #unsettled: Settlement[] = []
  readonly #inFlight = new Set<Promise<void>>()
  #settling: Promise<void> | null = null
  #isRung = false
  #wake: (() => void) | null = null
  #expireAtMs = 0

  constructor(parts: SenderParts) {
    this.#parts = parts
  }

  /** Runs until the signal aborts, and then until everything under way is settled: nothing is left in `sending`. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, bell } = this.#parts
    log.info('sender started')
    const unlisten = bell.listen('outbox', () => this.#ring())
    let backoffMs = 0
    while (!signal.aborted) {
      this.#isRung = false
      try {
        await this.#expire()
        const claimed = await this.#claim()
        for (const one of claimed) this.#start(one)
        backoffMs = 0
      } catch (err) {
        backoffMs = Math.min(Math.max(backoffMs * 2, 100), LONGEST_BACKOFF_MS)
        log.warn({ err, backoffMs }, 'the outbox can not be read; trying again')
      }
      if (!this.#isRung) await this.#rest(backoffMs || LOOK_EVERY_MS, signal)
    }
    unlisten()
    while (this.#inFlight.size > 0 || this.#settling) await Promise.all([...this.#inFlight, this.#settling])
    log.info('sender stopped')
  }

  #ring(): void {
    this.#isRung = true
    this.#wake?.()
  }

  #rest(ms: number, signal: AbortSignal): Promise<void> {
    return waitFor(ms, signal, (end) => {
      this.#wake = end
      return () => {
        this.#wake = null
      }
    })
  }

  async #claim(): Promise<Claimed[]> {
    const { sql, now } = this.#parts
    const free = MOST_IN_FLIGHT - this.#inFlight.size
    return free > 0 ? repeatable(sql, (tx) => claim(tx, free, now())) : []
  }

  async #expire(): Promise<void> {
    if (performance.now() < this.#expireAtMs) return
    this.#expireAtMs = performance.now() + EXPIRE_EVERY_MS
    const { sql, now, bell, log } = this.#parts
    const workspaceIds = await repeatable(sql, (tx) => expireClaims(tx, now()))
    for (const workspaceId of workspaceIds) bell.ring('events', workspaceId)
    if (workspaceIds.length > 0) log.warn('claims of a sender that died were marked as unknown')
  }

  #start(claimed: Claimed): void {
    const claimedAtMs = performance.now()
    const work = this.#send(claimed, claimedAtMs).then((outcome) => {
      this.#unsettled.push({ claimed, outcome })
      this.#settling ??= this.#settleAll()
      return this.#settling
    })
    const tracked = work.finally(() => this.#inFlight.delete(tracked))
    this.#inFlight.add(tracked)
  }

  async #send(claimed: Claimed, claimedAtMs: number): Promise<Outcome> {
    const { graph, now, log } = this.#parts
    const { recipient, attemptId, attempts, messageId } = claimed
    if (recipient === null) {
      return { failed: { code: 0, title: 'This contact has no number that WhatsApp knows', details: null } }
    }
    if (performance.now() - claimedAtMs > STALE_CLAIM_MS) return { retryAt: now(), error: null }
    let outcome: GraphOutcome
    try {
      outcome = await graph.send({ ...claimed, recipient })
    } catch (err) {
      log.error({ err, messageId, attemptId }, 'the request could not be made')
      return { failed: { code: 0, title: 'Baton could not send this message', details: null } }
    }
    log.info({ messageId, attemptId, attempts, ...loggable(outcome) }, 'message tried')
    return decide(outcome, attempts, now())
  }

  /** Settles all that is known by now in one transaction, and again while more comes in; repeats until the database takes it. */
  async #settleAll(): Promise<void> {
    const { sql, now, bell, log } = this.#parts
    let backoffMs = 100
    while (this.#unsettled.length > 0) {
      const batch = this.#unsettled.slice(0, 500)
      try {
        await repeatable(sql, (tx) => settle(tx, batch, now()))
        this.#unsettled.splice(0, batch.length)
        for (const workspaceId of new Set(batch.map((one) => one.claimed.workspaceId)))
          bell.ring('events', workspaceId)
        this.#ring() // the next in each line can go
      } catch (err) {
        log.warn(
          { err, backoffMs, waiting: batch.length },
          'what was sent can not be written down; trying again',
        )
        await waitFor(backoffMs, undefined)
        backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
      }
    }
    // In the same breath as the last look at the list: whoever adds to it from now on starts anew.
    this.#settling = null
  }
}

/** What to write down: sent, final, again later, or in doubt. */
function decide(outcome: GraphOutcome, attempts: number, now: Date): Outcome {
  if ('sent' in outcome) return { sent: outcome.sent }
  if ('unknown' in outcome) return { unknown: true }
  if ('unreached' in outcome) return { retryAt: new Date(now.getTime() + UNREACHED_WAIT_MS), error: null }
  const again = retryAt(outcome.refused, attempts, now)
  return again === null ? { failed: outcome.refused } : { retryAt: again, error: outcome.refused }
}

/** The outcome without ids of WhatsApp, which contain phone numbers. */
function loggable(outcome: GraphOutcome): { outcome: string; code?: number; reason?: string } {
  if ('refused' in outcome) return { outcome: 'refused', code: outcome.refused.code }
  if ('unreached' in outcome) return { outcome: 'unreached', reason: outcome.unreached }
  if ('unknown' in outcome) return { outcome: 'unknown', reason: outcome.unknown }
  return { outcome: 'sent' }
}
