type Press = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

const LETTER_CODE = /^Key([A-Z])$/
const LETTER = /^\p{L}$/u
const LATIN_LETTER = /^[a-z]$/i

/**
 * A press in the words of the table of acts: `j`, `?`, `Shift a`, `Ctrl k` (⌘ counts as Ctrl), `Alt ArrowUp`. A sign is what
 * it is, however it is typed: `?` has no Shift. Where letters are not Latin, the place of the key counts.
 */
export function keyOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Press): string {
  const name = nameOf(key, code, altKey)
  const isSign = name.length === 1 && !LATIN_LETTER.test(name)
  return [ctrlKey || metaKey ? 'Ctrl' : '', altKey ? 'Alt' : '', shiftKey && !isSign ? 'Shift' : '', name]
    .filter(Boolean)
    .join(' ')
}

/** Whether it is a character: only those can be struck by accident, or by somebody who speaks to the computer. */
export function isCharacter(key: string): boolean {
  const [first, ...rest] = key.split(' ')
  if (rest.length > 0) return first === 'Shift' && rest.length === 1 && rest[0]?.length === 1
  return key.length === 1
}

function nameOf(key: string, code: string, hasAlt: boolean): string {
  if (LATIN_LETTER.test(key)) return key.toLowerCase()
  const place = LETTER_CODE.exec(code)?.[1]
  // With Alt a Mac types other signs than those on the keys.
  if (place && (LETTER.test(key) || hasAlt)) return place.toLowerCase()
  return key
}
