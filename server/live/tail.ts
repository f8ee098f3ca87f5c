import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import { asOne } from '../../db/together.ts'
import type { FeedItem } from '../inbox/event.ts'
import { readEvent, type StoredEvent } from '../inbox/storedEvent.ts'
import type { Bell } from './bell.ts'
import { waitFor } from './wait.ts'

/** Opens a connection that the tail may drop when it is dead. */
export type OpenReader = () => Sql

/** `item` is one for all who are sent it; `channelId` null: it concerns everybody in the workspace. */
export type LoggedEvent = { seq: number; channelId: string | null; item: FeedItem; writtenAt: Date }

/** Told how old the newest event of a page was when it was read, in seconds. */
export type ObserveDelay = (seconds: number) => void

/** How many recent events a process keeps at hand, so that a thousand sockets cost one query and not a thousand. */
const RING_SIZE = 2000
const PAGE_SIZE = 1000
/** A bell may be lost; then the tail finds the events by itself, this much later at most. */
const LOOK_EVERY_MS = 1000
const RETRY_AFTER_MS = 500
/** A page takes milliseconds. A connection that is silent for this long is dead, and says so to nobody. */
const READ_WITHIN_MS = 5000

/**
 * The newest events of one workspace, kept current: one reader of the log for all subscribers of this process.
 * Because numbers are given out in the order of commits and without gaps, "everything above the last one" misses nothing.
 */
export class Tail {
  readonly #openReader: OpenReader
  #sql: Sql
  readonly #workspaceId: string
  readonly #log: Logger
  readonly #observeDelay: ObserveDelay
  readonly #stop = new AbortController()
  readonly #waiting = new Set<() => void>()
  #ring: LoggedEvent[] = []
  #last = 0
  #isRung = false
  #wakeReader: (() => void) | null = null
  readonly #unlisten: () => void

  private constructor(
    openReader: OpenReader,
    workspaceId: string,
    bell: Bell,
    log: Logger,
    observeDelay: ObserveDelay,
  ) {
    this.#openReader = openReader
    this.#sql = openReader()
    this.#workspaceId = workspaceId
    this.#log = log
    this.#observeDelay = observeDelay
    this.#unlisten = bell.listen('events', (scope) => {
      if (scope !== workspaceId) return
      this.#isRung = true
      this.#wakeReader?.()
    })
  }

  /** Opens a tail at the present end of the log. */
  static async open(
    openReader: OpenReader,
    workspaceId: string,
    bell: Bell,
    log: Logger,
    observeDelay: ObserveDelay = () => {},
  ): Promise<Tail> {
    const tail = new Tail(openReader, workspaceId, bell, log, observeDelay)
    tail.#last = await tail.lastInLog()
    void tail.#run()
    return tail
  }

  /** The number of the newest event that this tail holds. */
  get last(): number {
    return this.#last
  }

  /** Whether everything above `seq` is at hand, so that nobody has to ask the database. */
  holds(seq: number): boolean {
    return (
      seq === this.#last || (seq < this.#last && seq >= (this.#ring[0]?.seq ?? Number.POSITIVE_INFINITY) - 1)
    )
  }

  /** The number of the newest event in the database. Many who ask at once share the query. */
  readonly lastInLog = asOne(() => this.#lastInLog())

  /** The number of the oldest event in the database; null when the log is empty. */
  readonly oldestInLog = asOne(() => this.#oldestInLog())

  async #lastInLog(): Promise<number> {
    const [row] = await this.#within(this.#sql<{ last: string }[]>`
      select last_seq::text as last from event_counters where workspace_id = ${this.#workspaceId}`)
    return Number(row?.last ?? 0)
  }

  async #oldestInLog(): Promise<number | null> {
    const [row] = await this.#within(this.#sql<{ oldest: string | null }[]>`
      select min(seq)::text as oldest from events where workspace_id = ${this.#workspaceId}`)
    return row?.oldest ? Number(row.oldest) : null
  }

  /** Up to a page of the events above `seq`, from memory when they are recent, else from the database. */
  async after(seq: number): Promise<LoggedEvent[]> {
    if (seq >= this.#last) return []
    const first = this.#ring[0]?.seq
    if (first !== undefined && seq >= first - 1) {
      const start = seq - first + 1
      return this.#ring.slice(start, start + PAGE_SIZE)
    }
    return this.#read(seq)
  }

  /** Waits until there is something above `seq`, at most `ms`. */
  async beyond(seq: number, ms: number, signal: AbortSignal | undefined): Promise<void> {
    if (this.#last > seq) return
    await waitFor(ms, signal, (end) => {
      this.#waiting.add(end)
      return () => this.#waiting.delete(end)
    })
  }

  close(): void {
    this.#stop.abort()
    this.#unlisten()
    void this.#sql.end({ timeout: 1 })
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    this.#log.debug({ workspaceId: this.#workspaceId, seq: this.#last }, 'tail started')
    while (!signal.aborted) {
      this.#isRung = false
      let pauseMs = LOOK_EVERY_MS
      try {
        const page = await this.#read(this.#last)
        this.#append(page)
        const newest = page.at(-1)
        if (newest) this.#observeDelay(Math.max(0, Date.now() - newest.writtenAt.getTime()) / 1000)
        if (page.length === PAGE_SIZE) continue
      } catch (err) {
        this.#log.warn({ err, workspaceId: this.#workspaceId }, 'the event log can not be read; trying again')
        pauseMs = RETRY_AFTER_MS
      }
      if (this.#isRung) continue
      await waitFor(pauseMs, signal, (end) => {
        this.#wakeReader = end
        return () => {
          this.#wakeReader = null
        }
      })
    }
    this.#log.debug({ workspaceId: this.#workspaceId, seq: this.#last }, 'tail stopped')
  }

  #append(page: LoggedEvent[]): void {
    const newest = page.at(-1)
    if (newest === undefined) return
    this.#ring.push(...page)
    // Cut in large steps: moving five thousand references for each event would cost more than it saves.
    if (this.#ring.length > 2 * RING_SIZE) this.#ring = this.#ring.slice(-RING_SIZE)
    this.#last = newest.seq
    for (const end of [...this.#waiting]) end()
  }

  async #read(seq: number): Promise<LoggedEvent[]> {
    // `order by events.seq`: a bare `seq` would be the text of the select list, and 10 would come before 9.
    const rows = await this.#within(this.#sql<
      { seq: string; channelId: string | null; payload: StoredEvent; createdAt: Date }[]
    >`
      select seq::text as seq, channel_id, payload, created_at from events
      where workspace_id = ${this.#workspaceId} and seq > ${seq}
      order by events.seq limit ${PAGE_SIZE}`)
    return rows.map((row) => ({
      seq: Number(row.seq),
      channelId: row.channelId,
      item: { seq: row.seq, type: 'event', event: readEvent(row.payload) },
      writtenAt: row.createdAt,
    }))
  }

  /** The result of a query, or an error and a new connection when it takes too long. */
  async #within<Result>(query: PromiseLike<Result>): Promise<Result> {
    let timer: Timer | undefined
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('The database did not answer in time')), READ_WITHIN_MS)
    })
    try {
      return await Promise.race([query, late])
    } catch (error) {
      const dead = this.#sql
      this.#sql = this.#openReader()
      void dead.end({ timeout: 0 })
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}
