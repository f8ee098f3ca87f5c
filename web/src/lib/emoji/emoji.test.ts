import { describe, expect, test } from 'bun:test'
import keywords from 'emojilib/dist/emoji-en-US.json'
import groups from 'unicode-emoji-json/data-by-group.json'
import { type Emoji, emojiLike, TONES, toned } from './emoji.ts'

const emoji = (character: string, shortcode: string, ...words: string[]): Emoji => ({
  character,
  name: shortcode,
  shortcode,
  words: [...shortcode.split('_'), ...words],
  hasTones: false,
})
const SMILE = emoji('😄', 'grinning_face_with_smiling_eyes', 'smile', 'happy')
const CAT = emoji('😺', 'grinning_cat', 'smile')
const SMIRK = emoji('😏', 'smirking_face', 'smile_wrily')

describe('emoji', () => {
  test('are found by the beginning of any of their words, all words must be there', () => {
    expect(emojiLike('smi', [CAT, SMILE], 9)).toEqual([CAT, SMILE])
    expect(emojiLike('smile eyes', [CAT, SMILE], 9)).toEqual([SMILE])
    expect(emojiLike('grinning_c', [SMILE, CAT], 9)).toEqual([CAT])
    expect(emojiLike('', [CAT], 9)).toEqual([])
  })

  test('the one whose word it is comes before those that only begin so', () => {
    expect(emojiLike('smile', [SMIRK, SMILE], 1)).toEqual([SMILE])
  })

  test('a skin tone is put on whoever can have one, and takes no emoji apart', () => {
    expect(toned({ character: '👋', hasTones: true }, TONES[3])).toBe('👋🏽')
    expect(toned({ character: '✌️', hasTones: true }, TONES[1])).toBe('✌🏻')
    expect(toned({ character: '👩‍💻', hasTones: true }, TONES[5])).toBe('👩🏿‍💻')
    expect(toned({ character: '😀', hasTones: false }, TONES[5])).toBe('😀')
    expect(toned({ character: '👋', hasTones: true }, '')).toBe('👋')
  })

  test('every emoji of the list that has tones is one emoji in each of them, and can be found by words', () => {
    const all = groups.flatMap(({ emojis }) => emojis)
    expect(all.length).toBeGreaterThan(1800)
    const broken = all.filter(({ emoji: character, skin_tone_support }) =>
      TONES.some((tone) => {
        const shown = toned({ character, hasTones: skin_tone_support }, tone)
        return [...new Intl.Segmenter().segment(shown)].length !== 1
      }),
    )
    expect(broken.map((one) => one.emoji)).toEqual([])
    expect(keywords['😀']).toContain('smile')
  })
})
