import type { Logger } from 'pino'
import { asOne } from '../../db/together.ts'
import type { LogMark } from '../inbox/logEpoch.ts'
import type { Bell } from './bell.ts'
import { Holding } from './holding.ts'
import type { LogMarks } from './logMarks.ts'
import { type LoggedEvent, LogReader, type OpenReader, PAGE_SIZE } from './logReader.ts'
import { waitFor } from './wait.ts'
import { withoutErased } from './withoutErased.ts'

/** Told how old the newest event of a page was when it was read, in seconds. */
export type ObserveDelay = (seconds: number) => void

/** How many recent events a process keeps at hand, so that a thousand sockets cost one query and not a thousand. A thousand of them weigh some 20 MB. */
const RING_SIZE = 1000
/** A bell may be lost; then the tail finds the events by itself, this much later at most. */
const LOOK_EVERY_MS = 1000
const RETRY_AFTER_MS = 500

/**
 * The newest events of one workspace, kept current: one reader of the log for all subscribers of this process.
 * Because numbers are given out in the order of commits and without gaps, "everything above the last one" misses nothing.
 */
export class Tail {
  readonly #reader: LogReader
  readonly #workspaceId: string
  readonly #marks: LogMarks
  readonly #log: Logger
  readonly #observeDelay: ObserveDelay
  readonly #stop = new AbortController()
  readonly #waiting = new Set<() => void>()
  #ring: LoggedEvent[] = []
  readonly #holding = new Holding()
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
    this.#reader = new LogReader(openReader, workspaceId, log)
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
  readonly lastInLog = asOne(() => this.#reader.lastSeq())

  /** The number of the oldest event in the database; null when the log is empty. */
  readonly oldestInLog = asOne(() => this.#reader.oldestSeq())

  /** Up to a page of the events above `seq`, from memory when they are recent, else from the database. */
  async after(seq: number): Promise<LoggedEvent[]> {
    if (seq >= this.#last) return []
    const first = this.#ring[0]?.seq
    if (first !== undefined && seq >= first - 1) {
      const start = seq - first + 1
      return this.#ring.slice(start, start + PAGE_SIZE)
    }
    return this.#reader.page(seq)
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
    this.#reader.close()
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop
    this.#log.debug({ workspaceId: this.#workspaceId, seq: this.#last }, 'tail started')
    while (!signal.aborted) {
      this.#isRung = false
      let pauseMs = LOOK_EVERY_MS
      try {
        const page = await this.#reader.page(this.#last)
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
    this.#holding.learn(page)
    this.#ring = withoutErased(this.#ring, page)
    // After a renewed epoch numbers are missing, and the ring counts on every one.
    if (newest.seq === this.#last + page.length) this.#ring.push(...page)
    else this.#ring = []
    // Cut in large steps: moving a thousand references for each event would cost more than it saves.
    if (this.#ring.length > 1.5 * RING_SIZE) {
      this.#ring = this.#ring.slice(-RING_SIZE)
      this.#holding.keepOnly(this.#ring)
    }
    this.#last = newest.seq
    this.#mark = { seq: newest.seq, writtenAtMs: newest.writtenAt.getTime() }
    this.wake()
  }

  /** Begins at the end of the log, with new numbers when it is not the one any more that `known` was read from. */
  async #begin(known: LogMark | null): Promise<void> {
    const standing = await this.#reader.renewedStanding(known)
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
    const standing = await this.#reader.standing(this.#mark)
    this.#checkedAtMs = performance.now()
    this.#isUnsure = false
    if (!standing.isMarkLost && standing.epochStart === this.#epochStart) return false
    await this.#begin(this.#mark)
    return true
  }
}
