import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { contentDisposition, safeName } from './contentDisposition.ts'

/** CVE-2026-56845, CVE-2022-32211 (Rocket.Chat): the name of a file is what a customer says, and led out of the folder or into a header. */

test('a plain name stays as it is, with its ending', () => {
  for (const name of ['invoice.pdf', 'Grüße aus Köln.jpg', 'ありがとう.txt', 'a.tar.gz', '10% off.pdf'])
    expect(safeName(name)).toBe(name)
})

test('a name that leads elsewhere is a name without a way', () => {
  const names = [
    ...[
      '../../etc/passwd',
      '..\\..\\windows\\system32',
      '/etc/passwd',
      'C:\\boot.ini',
      '....//....//x',
      './x',
      '~/../x',
    ],
    ...[
      '..',
      '.',
      '...',
      '/',
      '\\',
      'a/../../b',
      'file:///etc/passwd',
      '\\\\server\\share',
      'CON:',
      'a\u0000.jpg',
      '.htaccess',
    ],
  ]
  for (const name of names) {
    const safe = safeName(name)
    expect([name, ['/', '\\', ':', '\u0000'].some((sign) => safe.includes(sign))]).toEqual([name, false])
    expect([name, safe.startsWith('.')]).toEqual([name, false])
    expect([name, safe.length > 0]).toEqual([name, true])
  }
})

test('a name that would be read from the other side says how it ends', () => {
  expect(safeName('photo\u202egpj.exe')).toBe('photo_gpj.exe')
  expect(safeName('\u2067\u2066a\u200f.exe')).not.toMatch(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/)
})

test('a very long name keeps its ending', () => {
  const safe = safeName(`${'long '.repeat(2000)}.pdf`)
  expect(safe.length).toBeLessThanOrEqual(150)
  expect(safe).toEndWith('.pdf')
  expect(safeName('👍'.repeat(2000)).isWellFormed()).toBe(true)
})

test('whatever the name is, the header is one line of ASCII with two names, and no more', () => {
  const header = /^attachment; filename="[ !#-[\]-~]+"; filename\*=UTF-8''[\w!#$&+\-.^`|~%]+$/
  expect(contentDisposition('attachment', 'a"; filename="evil.exe"\r\nSet-Cookie: x=1')).toMatch(header)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const said = contentDisposition('attachment', name)
      expect(said).toMatch(header)
      expect(() => new Headers({ 'content-disposition': said })).not.toThrow()
      expect(safeName(safeName(name))).toBe(safeName(name))
    }),
    { numRuns: 1000 },
  )
})
