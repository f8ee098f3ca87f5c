import { createContext } from 'svelte'

/** A picture or a video that can be looked at in full. */
export type Viewed = {
  /** Of its message. */
  id: string
  mediaId: string
  kind: 'image' | 'video' | 'sticker'
  width: number | null
  height: number | null
  /** For whoever cannot see it: the caption, or what it is. */
  words: string
  author: string
  sentAt: string
}

/** The picture that fills the screen, and those before and after it in the thread. */
export class Viewer {
  #shown = $state.raw<readonly Viewed[]>([])
  #at = $state.raw(-1)

  get current(): Viewed | null {
    return this.#shown[this.#at] ?? null
  }

  get place(): string {
    return `${this.#at + 1} of ${this.#shown.length}`
  }

  get hasPrevious(): boolean {
    return this.#at > 0
  }

  get hasNext(): boolean {
    return this.#at < this.#shown.length - 1
  }

  open(all: readonly Viewed[], id: string) {
    this.#shown = all
    this.#at = all.findIndex((one) => one.id === id)
  }

  step(by: 1 | -1) {
    if (this.#shown[this.#at + by]) this.#at += by
  }

  close() {
    this.#at = -1
  }
}

export const [useViewer, provideViewer] = createContext<Viewer>()
