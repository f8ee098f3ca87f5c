import { expect, test } from 'bun:test'
import sharp from 'sharp'
import { detectType } from './detectType.ts'

const text = (value: string) => new TextEncoder().encode(value)
const latin = (value: string) => new Uint8Array(Buffer.from(value, 'latin1'))
const pixel = sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })

test('pictures are known by their bytes', async () => {
  for (const format of ['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'] as const) {
    const bytes = await pixel.clone()[format]().toBuffer()
    expect(detectType(bytes, 'text/html')).toBe(`image/${format}`)
  }
})

test('sounds, films and documents are known by theirs', () => {
  const cases: [Uint8Array, string][] = [
    [latin('OggS\0\x02..................\x01\x13OpusHead'), 'audio/ogg'],
    [latin('\x1aE\xdf\xa3 webm A_OPUS'), 'audio/webm'],
    [latin('\x1aE\xdf\xa3 webm V_VP8 A_OPUS'), 'video/webm'],
    [latin('\x1aE\xdf\xa3 matroska V_MPEG4'), 'video/x-matroska'],
    [latin('\0\0\0\x18ftypisom'), 'video/mp4'],
    [latin('\0\0\0\x18ftyp3gp5'), 'video/3gpp'],
    [latin('\0\0\0\x18ftypM4A '), 'audio/mp4'],
    [latin('\0\0\0\x18ftypqt  '), 'video/quicktime'],
    [latin('\0\0\0\x18ftypheic'), 'image/heic'],
    [latin('ID3\x04'), 'audio/mpeg'],
    [latin('\xff\xfb\x90\x00'), 'audio/mpeg'],
    [latin('\xff\xf1\x50\x80'), 'audio/aac'],
    [latin('#!AMR\n'), 'audio/amr'],
    [latin('RIFF....WAVEfmt '), 'audio/wav'],
    [latin('%PDF-1.4'), 'application/pdf'],
    [
      latin('PK\x03\x04....word/document.xml'),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    [
      latin('PK\x03\x04....xl/workbook.xml'),
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ],
    [latin('PK\x03\x04....photo.jpg'), 'application/zip'],
    [latin('\x7fELF\x02'), 'application/x-executable'],
    [latin('MZ\x90\x00\x03'), 'application/octet-stream'],
    [latin(''), 'application/octet-stream'],
  ]
  for (const [bytes, type] of cases) expect([type, detectType(bytes)]).toEqual([type, type])
})

test('the sender decides only where the bytes leave it open', () => {
  expect(detectType(text('name,phone'), 'text/csv; charset=utf-8')).toBe('text/csv')
  expect(detectType(text('BEGIN:VCARD'), 'text/vcard')).toBe('text/vcard')
  expect(detectType(text('just words'), 'image/png')).toBe('text/plain')
  expect(detectType(text('just words'), 'text/html')).toBe('text/plain')
  const old = latin('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')
  expect(detectType(old, 'application/msword')).toBe('application/msword')
  expect(detectType(old, 'image/png')).toBe('application/x-ole-storage')
})

test('a page or a drawing that can run scripts is known as such, whatever is said or stands before it', () => {
  const pages = [
    '<!DOCTYPE html><p>hi',
    '  \n<HTML><body>',
    'some words <script>alert(1)</script>',
    'GET me <img src=x onerror=alert(1)>',
  ]
  for (const page of pages) expect(detectType(text(page), 'text/plain')).toBe('text/html')
  expect(detectType(text('<?xml version="1.0"?><svg onload="x()"/>'), 'image/png')).toBe('image/svg+xml')
  expect(detectType(text('<?xml version="1.0"?><list/>'), 'image/png')).toBe('application/xml')
  expect(detectType(text('<!-- c --><svg xmlns="x"><script/></svg>'), 'image/png')).toBe('image/svg+xml')
})

test('letters of all languages are text, and a character that is cut in two stays one', () => {
  expect(detectType(text('Grüße, ありがとう, 👍'))).toBe('text/plain')
  expect(detectType(text('ありがとう').slice(0, 7))).toBe('text/plain')
  expect(detectType(latin('\xe9\xe8 without UTF-8'))).toBe('application/octet-stream')
})
