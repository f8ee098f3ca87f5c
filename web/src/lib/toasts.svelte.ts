export type Tone = 'plain' | 'danger'

/** What is said at the edge of the screen for a while. */
export type Saying = { words: string; undo?: (() => void) | undefined; tone?: Tone | undefined }
export type Toast = { id: number; words: string; undo: (() => void) | null; tone: Tone }

type Clock = { toast: Toast; leftMs: number; since: number; timer: ReturnType<typeof setTimeout> | null }

const LASTS_MS = 6_000
/** Long enough to see the mistake, read the sentence and reach the button. */
const LASTS_WITH_UNDO_MS = 10_000
const MOST_SHOWN = 3

/** What has just been done, said in a sentence, with its undo. Nothing goes away while somebody points at it. */
export class Toasts {
  #shown = $state.raw<readonly Toast[]>([])
  #clocks = new Map<number, Clock>()
  #isPaused = false
  #lastId = 0

  get shown(): readonly Toast[] {
    return this.#shown
  }

  say({ words, undo, tone = 'plain' }: Saying): number {
    this.#lastId += 1
    const toast: Toast = { id: this.#lastId, words, undo: undo ?? null, tone }
    const clock = { toast, leftMs: undo ? LASTS_WITH_UNDO_MS : LASTS_MS, since: 0, timer: null }
    this.#clocks.set(toast.id, clock)
    this.#shown = [...this.#shown, toast]
    for (const { id } of this.#shown.slice(0, -MOST_SHOWN)) this.dismiss(id)
    if (!this.#isPaused) this.#run(clock)
    return toast.id
  }

  dismiss(id: number) {
    const clock = this.#clocks.get(id)
    if (clock?.timer) clearTimeout(clock.timer)
    this.#clocks.delete(id)
    this.#shown = this.#shown.filter((toast) => toast.id !== id)
    // What goes away under the pointer says nothing about its leaving.
    if (this.#isPaused) this.goOn()
  }

  undo(id: number) {
    const toast = this.#shown.find((one) => one.id === id)
    this.dismiss(id)
    toast?.undo?.()
  }

  /** Takes back what was done last, as long as its sentence stands; false: there is nothing to take back. */
  undoLast(): boolean {
    const last = this.#shown.findLast((toast) => toast.undo !== null)
    if (!last) return false
    this.undo(last.id)
    return true
  }

  pause() {
    this.#isPaused = true
    for (const clock of this.#clocks.values()) {
      if (clock.timer === null) continue
      clearTimeout(clock.timer)
      clock.timer = null
      clock.leftMs -= Date.now() - clock.since
    }
  }

  goOn() {
    this.#isPaused = false
    for (const clock of this.#clocks.values()) if (clock.timer === null) this.#run(clock)
  }

  stop() {
    for (const id of [...this.#clocks.keys()]) this.dismiss(id)
  }

  #run(clock: Clock) {
    clock.since = Date.now()
    clock.timer = setTimeout(() => this.dismiss(clock.toast.id), Math.max(0, clock.leftMs))
  }
}
