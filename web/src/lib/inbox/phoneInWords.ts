/** How the digits after a country code are read out, by country code. A layout holds for numbers of its own length only. */
const LAYOUTS: Record<string, readonly string[]> = {
  1: ['### ### ####'],
  7: ['### ###-##-##'],
  31: ['# ## ## ## ##'],
  33: ['# ## ## ## ##'],
  34: ['### ### ###'],
  39: ['### ### ####'],
  44: ['#### ######'],
  49: ['### #######', '### ########'],
  52: ['## #### ####', '# ## #### ####'],
  54: ['# ## ####-####', '## ####-####'],
  55: ['## #####-####', '## ####-####'],
  61: ['### ### ###'],
  81: ['## #### ####'],
  91: ['##### #####'],
  351: ['### ### ###'],
}

/** All calling codes of one digit and of two; every other code has three (ITU-T E.164). */
const SHORT_CODE = /^(?:[17]|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/
const CODE_DIGITS = 3
const SHORTEST = 8

/** `+1 650 555 1234`: groups that can be read out, in the way of the country where that is known. */
export function phoneInWords(phone: string): string {
  const digits = phone.replace(/\D/g, '')
  if (digits.length < SHORTEST) return phone
  const code = SHORT_CODE.exec(digits)?.[0] ?? digits.slice(0, CODE_DIGITS)
  const rest = digits.slice(code.length)
  const layout = LAYOUTS[code]?.find((one) => one.replace(/[^#]/g, '').length === rest.length)
  return `+${code} ${layout ? laidOut(layout, rest) : inThrees(rest)}`
}

function laidOut(layout: string, digits: string): string {
  let next = 0
  return layout.replace(/#/g, () => digits[next++] ?? '')
}

/** Groups of three; the last has two to four, for a digit alone is easily missed. */
function inThrees(digits: string): string {
  return digits.replace(/\d{3}(?=\d{2})/g, '$& ')
}
