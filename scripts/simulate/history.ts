import type { JournalEntry } from './entry.ts'
import { type Journal, openJournal } from './journal.ts'
import type { Template } from './templates.ts'
import { World } from './world.ts'

export type HistoryListener = (entry: JournalEntry) => void

/**
 * The one place where things happen: an entry is written to the journal, applied to the world, and told to those
 * who act on it (webhooks, statuses, the page). In this order, so that nothing is told that a restart would forget.
 */
export class History {
  readonly world: World
  private readonly journal: Journal
  private readonly listeners = new Set<HistoryListener>()

  constructor(
    path: string | undefined,
    readonly now: () => number,
    templates?: readonly Template[],
  ) {
    this.world = new World(templates)
    this.journal = openJournal(path)
    for (const entry of this.journal.past) this.world.apply(entry)
  }

  /** True when no earlier run left anything behind. */
  get isNew(): boolean {
    return this.journal.past.length === 0
  }

  record(entry: JournalEntry): void {
    this.journal.append(entry)
    this.world.apply(entry)
    for (const listener of this.listeners) listener(entry)
  }

  /** Calls `listener` for each entry from now on; returns the way out. */
  subscribe(listener: HistoryListener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  close(): void {
    this.listeners.clear()
    this.journal.close()
  }
}
