import type { Logger } from 'pino'
import type { Sql } from '../../db/client.ts'
import { asOne } from '../../db/together.ts'
import type { FeedItem } from '../inbox/event.ts'
import { type LogMark, renewEpoch, standingOf } from '../inbox/logEpoch.ts'
import { readEvent, type StoredEvent } from '../inbox/storedEvent.ts'
import type { Bell } from './bell.ts'
import type { LogMarks } from './logMarks.ts'
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
  readonly #marks: LogMarks
  readonly #log: Logger
  readonly #observeDelay: ObserveDelay
  readonly #stop = new AbortController()
  readonly #waiting = new Set<() => void>()
  #ring: LoggedEvent[] = []
  #last = 0
  #epochStart = 0
  /** The newest event that was read: while it stands in the log, the log is the same. */
  #mark: LogMark | null = null
  #checkedAtMs = 0
  /** The database was away: it may have been restored meanwhile. */
  #isUnsure = false
  #isRung = false
  #wakeReader: (() => void) | null = null
  readonly #unlisten: () => void

  private constructor(
    openReader: OpenReader,
    workspaceId: string,
    bell: Bell,
    marks: LogMarks,
    log: Logger,
    observeDelay: ObserveDelay,
  ) {
    this.#openReader = openReader
    this.#sql = openReader()
    this.#workspaceId = workspaceId
    this.#marks = marks
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
    marks: LogMarks,
    log: Logger,
    observeDelay: ObserveDelay = () => {},
  ): Promise<Tail> {
    const tail = new Tail(openReader, workspaceId, bell, marks, log, observeDelay)
    try {
      await tail.#begin(await marks.of(workspaceId))
    } catch (error) {
      tail.close()
      throw error
    }
    void tail.#run()
    return tail
  }

  /** The number of the newest event that this tail holds. */
  get last(): number {
    return this.#last
  }

  /** The lowest number that can be of this log: it changes when the log was restored from a backup. */
  get epochStart(): number {
    return this.#epochStart
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

  /** Lets all who wait look again. */
  wake(): void {
    for (const end of [...this.#waiting]) end()
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
        if (await this.#isOtherLog(page)) continue
        this.#append(page)
        if (this.#mark) this.#marks.keep(this.#workspaceId, this.#mark)
        const newest = page.at(-1)
        if (newest) this.#observeDelay(Math.max(0, Date.now() - newest.writtenAt.getTime()) / 1000)
        if (page.length === PAGE_SIZE) continue
      } catch (err) {
        this.#log.warn({ err, workspaceId: this.#workspaceId }, 'the event log can not be read; trying again')
        pauseMs = RETRY_AFTER_MS
        this.#isUnsure = true
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
    // After a renewed epoch numbers are missing, and the ring counts on every one.
    if (newest.seq === this.#last + page.length) this.#ring.push(...page)
    else this.#ring = []
    // Cut in large steps: moving five thousand references for each event would cost more than it saves.
    if (this.#ring.length > 2 * RING_SIZE) this.#ring = this.#ring.slice(-RING_SIZE)
    this.#last = newest.seq
    this.#mark = { seq: newest.seq, writtenAtMs: newest.writtenAt.getTime() }
    this.wake()
  }

  /** Begins at the end of the log, with new numbers when it is not the one any more that `known` was read from. */
  async #begin(known: LogMark | null): Promise<void> {
    let standing = await this.#within(standingOf(this.#sql, this.#workspaceId, known))
    if (standing.isMarkLost && known !== null) {
      if (await this.#within(renewEpoch(this.#sql, this.#workspaceId, standing, known)))
        this.#log.warn(
          { workspaceId: this.#workspaceId, lost: known, restoredTo: standing.last },
          'the event log was restored from a backup: its numbers begin a new epoch, and every client loads again',
        )
      standing = await this.#within(standingOf(this.#sql, this.#workspaceId, null))
    }
    this.#checkedAtMs = performance.now()
    this.#epochStart = standing.epochStart
    this.#last = standing.last
    this.#mark = standing.newest
    this.#ring = []
    this.wake()
  }

  /**
   * Whether the log was restored under this tail, which then begins anew. Asked when a page does not go on where the last one
   * ended, now and then when nothing came, and after the database was away: one of them is how it looks.
   */
  async #isOtherLog(page: LoggedEvent[]): Promise<boolean> {
    const isQuiet = page.length === 0 && performance.now() - this.#checkedAtMs >= LOOK_EVERY_MS / 2
    const goesOn = page.length === 0 || page.at(-1)?.seq === this.#last + page.length
    if (goesOn && !isQuiet && !this.#isUnsure) return false
    const standing = await this.#within(standingOf(this.#sql, this.#workspaceId, this.#mark))
    this.#checkedAtMs = performance.now()
    this.#isUnsure = false
    if (!standing.isMarkLost && standing.epochStart === this.#epochStart) return false
    await this.#begin(this.#mark)
    return true
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
