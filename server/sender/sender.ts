import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { failPoint } from '../failPoint.ts'
import { resumeWithNewToken } from '../inbox/resumeChannels.ts'
import type { Bell } from '../live/bell.ts'
import { waitFor } from '../live/wait.ts'
import type { ChannelSecrets } from '../secrets/channelSecrets.ts'
import { digestOf } from '../whatsapp/accessToken.ts'
import { fileIdOf } from '../whatsapp/content.ts'
import type { Graph, GraphOutcome } from '../whatsapp/graph.ts'
import { NO_CODE } from '../whatsapp/messageError.ts'
import type { Claimed } from './claim.ts'
import { type DecideParts, decide } from './decide.ts'
import { expireClaims, LEASE_MS } from './expire.ts'
import type { Limits } from './limits.ts'
import type { FileOutcome, OutgoingFiles } from './outgoingFiles.ts'
import type { Outcome } from './settle.ts'
import { Settler } from './settler.ts'
import { stopUnreadable, TOKEN_UNREADABLE, UNREADABLE_DIGEST, unlessUnreadable } from './stopUnreadable.ts'
import { takeDue } from './takeDue.ts'

export type SenderParts = {
  sql: Sql
  bell: Bell
  graph: Graph
  files: OutgoingFiles
  limits: Limits
  secrets: Pick<ChannelSecrets, 'tokenOf' | 'digests' | 'unreadable'>
  log: Logger
  now(): Date
}

/** Bun keeps 256 connections to a host and lets what is more wait inside `fetch`, where its time would run out unseen. */
const MOST_IN_FLIGHT = 250
/** A bell may be lost, and what waits for a later moment has no bell: the outbox is looked at this often anyway. */
const LOOK_EVERY_MS = 1000
/** A number at its limit takes the next few milliseconds' messages together: a claim for each would cost more. */
const GATHER_MS = 25
/** Looked for now and then: claims of the dead, and channels that wait for this token. */
const TIDY_EVERY_MS = 10_000
/** A message claimed longer ago than this is not sent any more: its lease could end while the request is under way. */
const STALE_CLAIM_MS = LEASE_MS / 2
const LONGEST_BACKOFF_MS = 5000
/** A file that is still on its way to WhatsApp is looked for again after this. */
const UPLOADING_MS = 2000

/** Sends what is in the outbox. Any number of senders share it. See `claim.ts` for the states, `limits.ts` for the pace. */
export class Sender {
  readonly #parts: SenderParts
  readonly #settler: Settler
  readonly #inFlight = new Set<Promise<void>>()
  #isRung = false
  #wake: (() => void) | null = null
  #tidyAtMs = 0

  constructor(parts: SenderParts) {
    this.#parts = parts
    // What is settled frees the next of its line.
    this.#settler = new Settler(parts, () => this.#ring())
  }

  /** Runs until the signal aborts, and then until everything under way is settled: nothing is left in `sending`. */
  async run(signal: AbortSignal): Promise<void> {
    const { log, bell } = this.#parts
    log.info('sender started')
    const unlisten = bell.listen('outbox', () => this.#ring())
    const unlistenSecrets = bell.listen('secrets', () => {
      this.#tidyAtMs = 0
      this.#ring()
    })
    let backoffMs = 0
    while (!signal.aborted) {
      const startedAtMs = performance.now()
      this.#isRung = false
      let numberWaitMs: number | null = null
      try {
        await this.#tidy()
        numberWaitMs = await this.#takeAndStart()
        backoffMs = 0
      } catch (err) {
        backoffMs = Math.min(Math.max(backoffMs * 2, 100), LONGEST_BACKOFF_MS)
        log.warn({ err, backoffMs }, 'the outbox can not be read; trying again')
      }
      if (backoffMs > 0) await waitFor(backoffMs, signal)
      else if (numberWaitMs !== null) await waitFor(startedAtMs + GATHER_MS - performance.now(), signal)
      if (!this.#isRung) await this.#rest(Math.min(numberWaitMs ?? LOOK_EVERY_MS, LOOK_EVERY_MS), signal)
    }
    unlisten()
    unlistenSecrets()
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight)
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

  async #takeAndStart(): Promise<number | null> {
    const { sql, limits, now } = this.#parts
    const free = MOST_IN_FLIGHT - this.#inFlight.size
    if (free === 0) return null
    const { claimed, numberWaitMs } = await takeDue(sql, limits, free, now)
    if (claimed.length > 0) failPoint('after-claim')
    for (const one of claimed) this.#start(one)
    return numberWaitMs
  }

  async #tidy(): Promise<void> {
    if (performance.now() < this.#tidyAtMs) return
    this.#tidyAtMs = performance.now() + TIDY_EVERY_MS
    const { sql, now, bell, log, secrets } = this.#parts
    const expired = await repeatable(sql, (tx) => expireClaims(tx, now()))
    if (expired.length > 0) log.warn('claims of a sender that died were marked as unknown')
    const digests = await secrets.digests()
    const resumed = await repeatable(sql, (tx) => resumeWithNewToken(tx, digests))
    if (resumed.length > 0) log.info('channels that waited for another token go on')
    const stopped = await stopUnreadable(sql, await secrets.unreadable(), now())
    for (const workspaceId of new Set([...expired, ...resumed, ...stopped])) bell.ring('events', workspaceId)
  }

  #start(claimed: Claimed): void {
    const claimedAtMs = performance.now()
    const work = this.#attempt(claimed, claimedAtMs)
    const tracked = work.finally(() => this.#inFlight.delete(tracked))
    this.#inFlight.add(tracked)
  }

  async #attempt(claimed: Claimed, claimedAtMs: number): Promise<void> {
    const outcome = await this.#send(claimed, claimedAtMs)
    failPoint('after-answer')
    await this.#settler.settle({ claimed, outcome })
  }

  async #send(claimed: Claimed, claimedAtMs: number): Promise<Outcome> {
    const { graph, now, log } = this.#parts
    const { recipient, attemptId, attempts, messageId } = claimed
    if (recipient === null) {
      return {
        failed: { code: NO_CODE, title: 'This contact has no number that WhatsApp knows', details: null },
      }
    }
    const accessToken = await this.#parts.secrets.tokenOf(claimed).catch(unlessUnreadable)
    if (accessToken === null) return { stopped: TOKEN_UNREADABLE, tokenDigest: UNREADABLE_DIGEST }
    const parts = { ...this.#parts, tokenDigest: digestOf(accessToken) }
    const file = await this.#fileOf(claimed, parts)
    if (!('graphMediaId' in file)) return file
    if (performance.now() - claimedAtMs > STALE_CLAIM_MS) return { unsentUntil: now() }
    let outcome: GraphOutcome
    try {
      outcome = await graph.send({ ...claimed, recipient, ...file, accessToken })
    } catch (err) {
      log.error({ err, messageId, attemptId }, 'the request could not be made')
      return { failed: { code: NO_CODE, title: 'Baton could not send this message', details: null } }
    }
    log.info({ messageId, attemptId, attempts, ...loggable(outcome) }, 'message tried')
    return decide(outcome, claimed, parts)
  }

  /** The file of a message is at WhatsApp before the message goes; what keeps it there keeps the message here. */
  async #fileOf(
    claimed: Claimed,
    parts: SenderParts & DecideParts,
  ): Promise<{ graphMediaId: string | null } | Outcome> {
    const { files, now, log } = parts
    const fileId = fileIdOf(claimed.content)
    if (fileId === null) return { graphMediaId: null }
    const file = await files
      .graphIdOf(fileId, claimed.phoneNumberId)
      .catch((error: Error): FileOutcome => ({ later: error.message }))
    if ('graphId' in file) return { graphMediaId: file.graphId }
    if (!('later' in file)) return decide(file, claimed, parts)
    log.info({ messageId: claimed.messageId, reason: file.later }, 'message waits for its file')
    return { unsentUntil: new Date(now().getTime() + UPLOADING_MS) }
  }
}

/** The outcome without ids of WhatsApp, which contain phone numbers. */
function loggable(outcome: GraphOutcome): { outcome: string; code?: number; reason?: string } {
  if ('refused' in outcome) return { outcome: 'refused', code: outcome.refused.code }
  if ('unreached' in outcome) return { outcome: 'unreached', reason: outcome.unreached }
  if ('unknown' in outcome) return { outcome: 'unknown', reason: outcome.unknown }
  return { outcome: 'sent' }
}
