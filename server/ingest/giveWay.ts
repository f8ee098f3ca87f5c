const FULL_BATCH = 500
const SMALL_BATCH = 25
/** A batch grows by this factor while nobody waits, and so does the pause shrink: slowly, or the two would swing. */
const BATCH_GROWTH = 1.25
const PAUSE_DECAY = 0.9
const LARGEST_PAUSE_FACTOR = 8
const SMALLEST_PAUSE_FACTOR = 0.5
const LONGEST_PAUSE_MS = 250

/**
 * How a consumer makes room for sends that wait (`server/live/rightOfWay.ts`): batches that hold their locks for a shorter
 * time, and after each a pause, many times as long as the batch took while sends go on waiting. Both come back slowly, as
 * a connection of TCP does after a loss. With the longest pauses two consumers still store about 450 messages a second.
 */
export class GiveWay {
  #batchSize = SMALL_BATCH
  #pauseFactor = 0

  /** How many entries to read next. */
  get batchSize(): number {
    return Math.round(this.#batchSize)
  }

  /** Told before each batch whether sends are waiting. */
  look(isClaimed: boolean): void {
    if (isClaimed) {
      this.#batchSize = SMALL_BATCH
      this.#pauseFactor = Math.min(Math.max(this.#pauseFactor * 2, 1), LARGEST_PAUSE_FACTOR)
      return
    }
    this.#pauseFactor = this.#pauseFactor > SMALLEST_PAUSE_FACTOR ? this.#pauseFactor * PAUSE_DECAY : 0
    if (this.#pauseFactor === 0) this.#batchSize = Math.min(this.#batchSize * BATCH_GROWTH, FULL_BATCH)
  }

  /** How long to rest after a batch that took `tookMs`. */
  pauseMs(tookMs: number): number {
    return Math.min(tookMs * this.#pauseFactor, LONGEST_PAUSE_MS)
  }
}
