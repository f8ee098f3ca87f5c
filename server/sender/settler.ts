import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import type { Ringer } from '../live/bell.ts'
import { waitFor } from '../live/wait.ts'
import { type Settlement, settle } from './settle.ts'

export type SettlerParts = { sql: Sql; bell: Ringer; log: Logger; now(): Date }

const LARGEST_BATCH = 500
const FIRST_BACKOFF_MS = 100
const LONGEST_BACKOFF_MS = 5000

/**
 * Writes down what came of messages: all that is known by now in one transaction, and again while more comes in. Repeats
 * until the database takes it, because only this process knows.
 */
export class Settler {
  readonly #parts: SettlerParts
  readonly #settled: () => void
  readonly #unsettled: Settlement[] = []
  #settling: Promise<void> | null = null

  constructor(parts: SettlerParts, settled: () => void) {
    this.#parts = parts
    this.#settled = settled
  }

  /** Resolves when it is written down. */
  settle(settlement: Settlement): Promise<void> {
    this.#unsettled.push(settlement)
    this.#settling ??= this.#settleAll()
    return this.#settling
  }

  async #settleAll(): Promise<void> {
    const { sql, now, bell, log } = this.#parts
    let backoffMs = FIRST_BACKOFF_MS
    while (this.#unsettled.length > 0) {
      const batch = this.#unsettled.slice(0, LARGEST_BATCH)
      try {
        await repeatable(sql, (tx) => settle(tx, batch, now()))
        this.#unsettled.splice(0, batch.length)
        for (const workspaceId of new Set(batch.map((one) => one.claimed.workspaceId))) {
          bell.ring('events', workspaceId)
        }
        this.#settled()
        backoffMs = FIRST_BACKOFF_MS
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
