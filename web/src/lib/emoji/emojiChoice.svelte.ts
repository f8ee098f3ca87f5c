import { keptIn } from '../inbox/kept.ts'
import { type Emoji, TONES, type Tone, toned } from './emoji.ts'

type Kept = { recent: string[]; tone: number }

const MOST_RECENT = 24
const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' &&
  value !== null &&
  'recent' in value &&
  Array.isArray(value.recent) &&
  'tone' in value

/** Which emoji were taken last, and in which skin tone: kept on this device. */
export class EmojiChoice {
  #kept
  #recent = $state.raw<readonly string[]>([])
  #tone = $state.raw<Tone>('')

  constructor(storage: Storage) {
    this.#kept = keptIn(storage, 'baton:emoji', isKept)
    const { recent = [], tone = 0 } = this.#kept.read() ?? {}
    this.#recent = recent
    this.#tone = TONES[tone] ?? ''
  }

  /** As they were taken, the last one first. */
  get recent(): readonly string[] {
    return this.#recent
  }

  get tone(): Tone {
    return this.#tone
  }

  paint(tone: Tone) {
    this.#tone = tone
    this.#write()
  }

  shown(emoji: Pick<Emoji, 'character' | 'hasTones'>): string {
    return toned(emoji, this.#tone)
  }

  took(character: string) {
    this.#recent = [character, ...this.#recent.filter((one) => one !== character)].slice(0, MOST_RECENT)
    this.#write()
  }

  #write() {
    this.#kept.write({ recent: [...this.#recent], tone: TONES.indexOf(this.#tone) })
  }
}
