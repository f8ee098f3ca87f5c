/** By what a contact is known to WhatsApp, as it stands in deliveries. */
export type KnownAs = { phone: string | null; identities: readonly { kind: string; value: string }[] }

/** What tells that a text is about somebody. */
export type Signs = {
  /** Their numbers and ids. Names are not among them: they are the names of others too. */
  words: string[]
  /** Patterns of `like` that find every text about them, and now and then one that is not. */
  patterns: string[]
  /** Whether a text is. */
  isAbout(text: string): boolean
}

/** Shorter ones could stand in anything. */
const SHORTEST_WORD = 6
const WAMID = /wamid\.([A-Za-z0-9+/_-]+=*)/g

/** The number of a customer stands in deliveries by itself, and in base64 inside of every wamid. */
export function signsOf({ phone, identities }: KnownAs): Signs {
  const ofKind = (isNumber: boolean) =>
    identities.flatMap(({ kind, value }) => ((kind === 'phone') === isNumber ? [value] : []))
  const told = phone === null ? [] : [phone.replaceAll(/\D/g, '')]
  const numbers = longEnough([...ofKind(true), ...told])
  const words = longEnough([...numbers, ...ofKind(false)])
  return {
    words,
    patterns: [...words, ...longEnough(numbers.flatMap(insideOfWamids))].map(asPattern),
    isAbout: (text) => words.some((word) => text.includes(word)) || hasWamidOf(text, numbers),
  }
}

/**
 * The letters of base64 that come of a number whatever stands before and behind it, at each of the three places where it can begin.
 * Those of its last digit are not among them, so they fit its neighbours as well.
 */
export function insideOfWamids(number: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.from(`${'\0'.repeat(before)}${number}`)
    const first = Math.ceil((before * 8) / 6)
    return bytes.toString('base64').slice(first, Math.floor((bytes.length * 8) / 6))
  })
}

function hasWamidOf(text: string, numbers: readonly string[]): boolean {
  return [...text.matchAll(WAMID)].some(([, letters = '']) => {
    const bytes = Buffer.from(letters, 'base64')
    return numbers.some((number) => bytes.includes(number))
  })
}

const longEnough = (words: readonly string[]) =>
  [...new Set(words)].filter((word) => word.length >= SHORTEST_WORD)

/** An id could hold one of the signs that `like` knows. */
const asPattern = (word: string) => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
