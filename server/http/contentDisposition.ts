/** Signs that are no part of a name on any system, and those that turn the direction of reading: `gpj.exe` shown as `exe.jpg`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what shall go
const NOT_IN_NAMES = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/g
const LONGEST_NAME = 150

/** How a file is given out: to be looked at, or to be kept under its name (RFC 6266, with RFC 8187 for what is not ASCII). */
export function contentDisposition(how: 'inline' | 'attachment', filename: string): string {
  const name = safeName(filename)
  const ascii = name.replaceAll(/[^\x20-\x7e]|[%'();,]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  )
  return `${how}; filename="${ascii}"; filename*=UTF-8''${encoded}`
}

/** A name that a customer or an agent gave, without what could do harm where it is saved. */
export function safeName(filename: string): string {
  const name = filename
    .toWellFormed()
    .replaceAll(NOT_IN_NAMES, '_')
    .replace(/^[.\s]+/, '')
    .trim()
  return name === '' ? 'file' : shortened(name)
}

/** The end says what it is, so it stays. */
function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name
  const extension = /\.[\w]{1,10}$/.exec(name)?.[0] ?? ''
  return `${name
    .slice(0, LONGEST_NAME - extension.length)
    .toWellFormed()
    .replace(/\ufffd$/, '')}${extension}`
}
