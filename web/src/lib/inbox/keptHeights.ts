import { keepLatest } from '../keepLatest.ts'
import { RowHeights } from './rowsAround.ts'

const MOST_THREADS = 12
/** Of a row, before any was measured. */
const FIRST_GUESS_PX = 64

/**
 * The heights of the rows of the threads that were open last. A thread that is opened again draws at once what its view shows and
 * nothing more; of one that is new, the rows are taken to be as high as those that were seen before.
 */
export class KeptHeights {
  readonly #byThread = new Map<string, RowHeights>()

  of(threadId: string): RowHeights {
    const heights = this.#byThread.get(threadId) ?? new RowHeights(this.#average)
    keepLatest(this.#byThread, threadId, heights, MOST_THREADS)
    return heights
  }

  get #average(): number {
    return [...this.#byThread.values()].at(-1)?.average ?? FIRST_GUESS_PX
  }
}
