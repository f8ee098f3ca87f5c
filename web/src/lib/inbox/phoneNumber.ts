/** ITU-T E.164: at most 15 digits with the country code. The shortest numbers of WhatsApp have 7. */
const FEWEST_DIGITS = 7
const MOST_DIGITS = 15

/** The number as the server takes it, `+4930…`; null when it cannot be one. */
export function phoneIn(typed: string): string | null {
  return typed.trim() !== '' && phoneTrouble(typed) === null ? `+${digitsOf(typed)}` : null
}

/** What keeps this from being a number with its country code; null: nothing, or nothing was typed yet. */
export function phoneTrouble(typed: string): string | null {
  const text = typed.trim()
  if (text === '') return null
  const foreign = /[^\d+\s().\-/]/.exec(text)?.[0]
  if (foreign) return `“${foreign}” does not belong into a number.`
  if (/.\+/.test(text)) return 'The + stands at the beginning only.'
  if (!text.startsWith('+') && !text.startsWith('00'))
    return 'Begin with + and the country code, as in +49 30 1234567.'
  const digits = digitsOf(text)
  if (digits.startsWith('0')) return 'A country code does not begin with 0.'
  if (digits.length > MOST_DIGITS)
    return `A number has up to ${MOST_DIGITS} digits; this one has ${digits.length}.`
  if (digits.length < FEWEST_DIGITS) return 'This number is not complete yet.'
  return null
}

function digitsOf(typed: string): string {
  return typed.trim().replace(/^00/, '').replace(/\D/g, '')
}
