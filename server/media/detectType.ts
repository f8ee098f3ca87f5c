/** So much of the beginning of a file is looked at. */
export const HEAD_BYTES = 4096

/** What nothing is known of: kept, and given out as an attachment only. */
export const UNKNOWN_TYPE = 'application/octet-stream'

type Signature = { type: string; offset?: number; bytes: string | number[] }

/** Beginnings that say all. */
const SIGNATURES: Signature[] = [
  { type: 'image/jpeg', bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/png', bytes: '\x89PNG\r\n\x1a\n' },
  { type: 'image/gif', bytes: 'GIF8' },
  { type: 'image/tiff', bytes: 'II*\0' },
  { type: 'image/tiff', bytes: 'MM\0*' },
  { type: 'image/webp', offset: 8, bytes: 'WEBP' },
  { type: 'audio/wav', offset: 8, bytes: 'WAVE' },
  { type: 'video/x-msvideo', offset: 8, bytes: 'AVI ' },
  { type: 'audio/mpeg', bytes: 'ID3' },
  { type: 'audio/amr', bytes: '#!AMR' },
  { type: 'audio/flac', bytes: 'fLaC' },
  { type: 'application/pdf', bytes: '%PDF-' },
  { type: 'application/rtf', bytes: '{\\rtf' },
  { type: 'application/gzip', bytes: [0x1f, 0x8b] },
  { type: 'application/x-7z-compressed', bytes: '7z\xbc\xaf\x27\x1c' },
  { type: 'application/vnd.rar', bytes: 'Rar!\x1a\x07' },
  { type: 'application/x-ole-storage', bytes: [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1] },
  { type: 'application/x-executable', bytes: '\x7fELF' },
]

/** The brand in the `ftyp` box of files of the MP4 family. */
const BRANDS: [RegExp, string][] = [
  [/^(3gp|3g2)/, 'video/3gpp'],
  [/^(heic|heix|hevc|mif1|msf1)/, 'image/heic'],
  [/^avi[fs]/, 'image/avif'],
  [/^M4[AB]/, 'audio/mp4'],
  [/^qt/, 'video/quicktime'],
]

/** What lies in the zip files of offices, by the name of an entry. */
const ZIPPED: [RegExp, string][] = [
  [/word\//, 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  [/xl\//, 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  [/ppt\//, 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  [/mimetypeapplication\/vnd\.oasis\.opendocument\.text/, 'application/vnd.oasis.opendocument.text'],
  [
    /mimetypeapplication\/vnd\.oasis\.opendocument\.spreadsheet/,
    'application/vnd.oasis.opendocument.spreadsheet',
  ],
]

/** Old office files share one container; which of them it is, only whoever sent it says. */
const OLD_OFFICE = new Set([
  'application/msword',
  'application/vnd.ms-excel',
  'application/vnd.ms-powerpoint',
])

/**
 * What a file is by its first bytes. `told` is what its sender says; it decides only between what the bytes leave open (kinds
 * of plain text, old office files), and never makes a page or a picture of something else.
 */
export function detectType(head: Uint8Array, told: string | null = null): string {
  const text = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, HEAD_BYTES)).toString(
    'latin1',
  )
  const plainTold = told?.split(';')[0]?.trim().toLowerCase() ?? ''
  if (text.startsWith('PK\x03\x04'))
    return ZIPPED.find(([entry]) => entry.test(text))?.[1] ?? 'application/zip'
  if (text.startsWith('OggS')) return /theora/.test(text) ? 'video/ogg' : 'audio/ogg'
  if (text.startsWith('\x1aE\xdf\xa3')) return typeOfMatroska(text)
  if (text.slice(4, 8) === 'ftyp')
    return BRANDS.find(([brand]) => brand.test(text.slice(8, 12)))?.[1] ?? 'video/mp4'
  const found = SIGNATURES.find((signature) => startsWith(text, signature))?.type
  if (found === 'application/x-ole-storage') return OLD_OFFICE.has(plainTold) ? plainTold : found
  if (found !== undefined) return found
  if (isAdts(head)) return 'audio/aac'
  if (isMpegAudio(head)) return 'audio/mpeg'
  return typeOfText(head, text, plainTold)
}

function startsWith(text: string, { bytes, offset = 0 }: Signature): boolean {
  const expected = typeof bytes === 'string' ? bytes : String.fromCharCode(...bytes)
  return text.startsWith(expected, offset)
}

/** A browser's recording and a film look alike; the kind of the tracks tells (`V_…` and `A_…` name codecs). */
function typeOfMatroska(text: string): string {
  const family = text.includes('webm') ? 'webm' : 'x-matroska'
  return text.includes('V_') ? `video/${family}` : `audio/${family}`
}

function isAdts(head: Uint8Array): boolean {
  return head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0
}

function isMpegAudio(head: Uint8Array): boolean {
  const second = head[1] ?? 0
  return head[0] === 0xff && (second & 0xe0) === 0xe0 && (second & 0x06) !== 0 && (second & 0x18) !== 0x08
}

function typeOfText(head: Uint8Array, text: string, told: string): string {
  if (head.byteLength === 0 || !isText(head)) return UNKNOWN_TYPE
  if (/<svg[\s>]/i.test(text)) return 'image/svg+xml'
  if (/<(!doctype\s+html|html|head|body|script|iframe|img|a|p|div|table|meta|style)[\s>]/i.test(text))
    return 'text/html'
  if (/^\s*<\?xml/i.test(text)) return 'application/xml'
  const isKindOfText = /^text\/(?!html|xml)/.test(told) || told === 'application/json'
  return isKindOfText ? told : 'text/plain'
}

/** No control characters but those of text, and UTF-8 as far as can be seen. */
function isText(head: Uint8Array): boolean {
  const hasControls = head.some(
    (byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x0c,
  )
  if (hasControls) return false
  try {
    // The last character may be cut in two.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}
