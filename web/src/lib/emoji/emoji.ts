export type Emoji = {
  character: string
  name: string
  /** What is typed between colons. */
  shortcode: string
  /** Words by which it is found, folded. */
  words: readonly string[]
  hasTones: boolean
}

export type EmojiGroup = { name: string; emoji: readonly Emoji[] }

/** Skin tones as Unicode has them, lightest first; '' is the yellow one. */
export const TONES = ['', '\u{1F3FB}', '\u{1F3FC}', '\u{1F3FD}', '\u{1F3FE}', '\u{1F3FF}'] as const
export type Tone = (typeof TONES)[number]

const JOINER = '\u200D'
const AS_PICTURE = /\uFE0F/g
const TAKES_TONE = /^\p{Emoji_Modifier_Base}/u
const IS_EMOJI = /^\p{RGI_Emoji}$/v

/**
 * An emoji in a skin tone. Of several people in one, the first alone or all of them take it, whichever Unicode knows; an emoji
 * that would come apart stays as it is.
 */
export function toned({ character, hasTones }: Pick<Emoji, 'character' | 'hasTones'>, tone: Tone): string {
  if (!hasTones || tone === '') return character
  const parts = character.split(JOINER)
  const painted = parts.map((part) => (TAKES_TONE.test(part) ? part.replace(AS_PICTURE, '') + tone : part))
  const all = painted.join(JOINER)
  const first = [painted[0], ...parts.slice(1)].join(JOINER)
  return [all, first].find((one) => IS_EMOJI.test(one)) ?? character
}

/** Best first: those whose shortcode begins so, then those with a word that does. Several words must all be found. */
export function emojiLike(query: string, all: readonly Emoji[], most: number): Emoji[] {
  const wanted = query
    .toLocaleLowerCase()
    .split(/[\s_]+/)
    .filter(Boolean)
  if (wanted.length === 0) return []
  const whole = wanted.join('_')
  const ranked = all.flatMap((emoji) => {
    const isThere = wanted.every((part) => emoji.words.some((word) => word.startsWith(part)))
    if (!isThere && !emoji.shortcode.startsWith(whole)) return []
    return { emoji, rank: rankOf(emoji, whole) }
  })
  return ranked
    .sort((a, b) => a.rank - b.rank)
    .slice(0, most)
    .map(({ emoji }) => emoji)
}

function rankOf({ shortcode, words }: Emoji, whole: string): number {
  if (shortcode === whole) return 0
  if (words.includes(whole)) return 1
  return shortcode.startsWith(whole) ? 2 : 3
}
