const LETTER = /\p{L}/u
const PLACE = /\{\d+\}/g

/** Names of keys and of fonts of code that begin with a capital and are no words. */
const NO_WORDS =
  /^(Escape|Enter|Tab|Home|End|Space|Backspace|Shift|Control|Meta|Alt|Bearer|Arrow\w+|Page\w+)$/

/** Text between tags: all that has a letter and is no address. */
export function isText(text: string): boolean {
  return LETTER.test(text.replace(PLACE, '')) && !/^https?:\S*$/.test(text.trim())
}

/**
 * A string of a program: words when it is a sentence or begins like one. `text` has `{0}` where a value goes. What begins
 * small and has no value in it (`just now`) cannot be told from a name of code: it says so with `say('just now')`.
 */
export function looksLikeWords(text: string): boolean {
  const trimmed = text.trim()
  const words = trimmed.replace(PLACE, ' ').match(/\p{L}[\p{L}\p{M}’'-]*/gu) ?? []
  if (words.length === 0 || NO_WORDS.test(trimmed)) return false
  // The line of a drawing: `M6 9l4 4 8-9`.
  if (/^M[\d{]/.test(trimmed)) return false
  const first = trimmed.replace(/^[“"‘'(·\s]+/, '')
  if (/^\p{Lu}/u.test(first)) return isCapitalised(trimmed)
  if (/[.!?…]$/.test(trimmed) && words.length > 2) return true
  return trimmed.includes('{') && isProse(trimmed)
}

function isCapitalised(text: string): boolean {
  if (!/\p{Ll}/u.test(text) && !/\{\d/.test(text)) return false
  if (/\s/.test(text)) return true
  // One word: `Photo`, `Sending…`, not `Content-Type`, `WebP` or `Europe/Berlin`.
  return /^[“‘(]?\p{Lu}[\p{Ll}\p{M}’]+[.!?…:”’)]*$/u.test(text)
}

/** `{0} is typing…`, `at {0}`, `{0} min`; not `bubble-{0}`, `{0}px`, `/media/{0}`. */
function isProse(text: string): boolean {
  if (!/\s/.test(text) || !/(\}[”’)]*\s+[(“]?\p{L})|(\p{L}[:,]?\s+[“(]?\{)|(\}[,:;]\s+\p{L})/u.test(text))
    return false
  if (/[\\|<>=[\]$^`~_]|\w\(|--|\{\d\}(px|%|ms|s\b)/.test(text)) return false
  return !text
    .split(/\s+/)
    .some((token) => /^[a-z\d{}]+([-:/][a-z\d{}]+)+$/.test(token) && !/^\{\d\}:$/.test(token))
}
