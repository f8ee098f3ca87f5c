import keywordsUrl from 'emojilib/dist/emoji-en-US.json?url'
import groupsUrl from 'unicode-emoji-json/data-by-group.json?url'
import type { Emoji, EmojiGroup } from './emoji.ts'

type ListedGroup = {
  name: string
  emojis: { emoji: string; name: string; slug: string; skin_tone_support: boolean }[]
}

/** All emoji, by group. The two lists are files of our own site, asked for when the first emoji is looked for. */
export class EmojiBook {
  #groups = $state.raw<readonly EmojiGroup[]>([])
  #hasFailed = $state.raw(false)
  #all = $derived(this.#groups.flatMap(({ emoji }) => emoji))
  #loading: Promise<void> | null = null

  get groups(): readonly EmojiGroup[] {
    return this.#groups
  }

  get all(): readonly Emoji[] {
    return this.#all
  }

  get hasFailed(): boolean {
    return this.#hasFailed
  }

  want(): Promise<void> {
    this.#loading ??= this.#load().catch(() => {
      this.#hasFailed = true
      this.#loading = null
    })
    return this.#loading
  }

  async #load() {
    this.#hasFailed = false
    const [groups, keywords] = await Promise.all([
      listOf<ListedGroup[]>(groupsUrl),
      listOf<Record<string, string[]>>(keywordsUrl),
    ])
    this.#groups = groups.map(({ name, emojis }) => ({
      name,
      emoji: emojis.map((one) => ({
        character: one.emoji,
        name: one.name,
        shortcode: one.slug,
        words: wordsOf([one.slug, ...(keywords[one.emoji] ?? [])]),
        hasTones: one.skin_tone_support,
      })),
    }))
  }
}

/** The lists come with this version of the app, so their shape is known. */
async function listOf<List>(url: string): Promise<List> {
  const answer = await fetch(url)
  if (!answer.ok) throw new Error(`The emoji could not be loaded (${answer.status})`)
  return answer.json()
}

const wordsOf = (phrases: string[]) => [
  ...new Set(phrases.flatMap((phrase) => [phrase.toLowerCase(), ...phrase.toLowerCase().split(/[\s_-]+/)])),
]
