import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { signatureOf } from '../testing/delivery.ts'
import { isSameSecret, signerOf } from './signature.ts'

/**
 * What webhooks of comparable products took for signed:
 * GHSA-7rw7-pc8v-mrr3 (Chatwoot: no check at all), CVE-2024-21491 (svix: a signature that is cut short), CVE-2024-45607
 * (whatsapp-api-js: the answer of the check the wrong way round), CVE-2026-110765 (FlexPrice: no header, no check),
 * CVE-2026-56837 (PraisonAI: no secret, no check), CVE-2026-28465, -32974 and -28454 (OpenClaw: checks that were too weak).
 */
const SECRETS = ['new-secret', 'old-secret']
const BODY = '{"text":"Grüße 👋","url":"https:\\/\\/example.com"}'
const bytes = new TextEncoder().encode(BODY)
const GOOD = signatureOf(bytes, 'new-secret')
const isSigned = (header: string | null, body = bytes, secrets = SECRETS) =>
  signerOf(secrets, body, header) !== null

describe('a delivery is signed', () => {
  test('by either of two secrets, and by nothing else', () => {
    for (const secret of SECRETS) expect(signerOf(SECRETS, bytes, signatureOf(bytes, secret))).toBe(secret)
    for (const secret of ['third-secret', '', 'new-secre', 'new-secret ', 'NEW-SECRET'])
      expect([secret, isSigned(signatureOf(bytes, secret))]).toEqual([secret, false])
  })

  test('also when it is empty, and when it is no text', () => {
    for (const body of [new Uint8Array(), new Uint8Array([0, 255, 128])])
      expect(isSigned(signatureOf(body, 'old-secret'), body)).toBe(true)
  })
})

describe('a delivery is not signed', () => {
  test('without the header, or with an empty one', () => {
    for (const header of [null, '', ' ', 'sha256=', 'sha256'])
      expect([header, isSigned(header)]).toEqual([header, false])
  })

  test('by any shorter piece of the right signature, from its beginning or from its end', () => {
    for (let length = 0; length < GOOD.length; length++) {
      expect([length, isSigned(GOOD.slice(0, length))]).toEqual([length, false])
      expect([length, isSigned(GOOD.slice(GOOD.length - length))]).toEqual([length, false])
      expect([length, isSigned(`sha256=${GOOD.slice(GOOD.length - length)}`)]).toEqual([
        length,
        length === 64,
      ])
    }
  })

  test('by the right signature with something before, behind or within it', () => {
    const hex = GOOD.slice('sha256='.length)
    const others = [
      `${GOOD}0`,
      `${GOOD}00`,
      ` ${GOOD}`,
      `${GOOD} `,
      `${GOOD}\n`,
      `\n${GOOD}`,
      `${GOOD}, ${GOOD}`,
      `${GOOD},sha256=00`,
      `sha256=${hex.slice(0, 32)} ${hex.slice(32)}`,
      `sha256= ${hex}`,
      `sha256:${hex}`,
      `SHA256=${hex}`,
      `sha1=${hex}`,
      `sha512=${hex}`,
      `xsha256=${hex}`,
      `sha256=0x${hex}`,
      hex,
    ]
    for (const header of others) expect([header, isSigned(header)]).toEqual([header, false])
  })

  test('by the same digest in another writing', () => {
    const hex = GOOD.slice('sha256='.length)
    const digest = Buffer.from(hex, 'hex')
    expect(hex).toMatch(/[a-f]/) // else upper case would be no other writing
    const writings = [
      hex.toUpperCase(),
      hex.replace(/[a-f]/, (letter) => letter.toUpperCase()),
      digest.toString('base64'),
      digest.toString('base64url'),
      digest.toString('latin1'),
      [...digest].join(','),
      hex.replaceAll(/(..)/g, '$1:').slice(0, -1),
      `${'g'.repeat(63)}0`,
      `${hex.slice(0, 63)}é`,
    ]
    for (const writing of writings) expect([writing, isSigned(`sha256=${writing}`)]).toEqual([writing, false])
  })

  test('when as much as one bit of the signature, or one byte of the body, is another', () => {
    const digest = Buffer.from(GOOD.slice('sha256='.length), 'hex')
    for (let bit = 0; bit < digest.length * 8; bit++) {
      const other = Buffer.from(digest)
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect([bit, isSigned(`sha256=${other.toString('hex')}`)]).toEqual([bit, false])
    }
    for (let at = 0; at < bytes.length; at++) {
      const other = Uint8Array.from(bytes)
      other[at] = (other[at] ?? 0) ^ 1
      expect([at, isSigned(GOOD, other)]).toEqual([at, false])
    }
  })

  test('when its JSON was read and written again: the signature is over the bytes that came', () => {
    const again = new TextEncoder().encode(JSON.stringify(JSON.parse(BODY)))
    expect(JSON.parse(new TextDecoder().decode(again))).toEqual(JSON.parse(BODY))
    expect(isSigned(GOOD, again)).toBe(false)
    expect(isSigned(signatureOf(again, 'new-secret'), bytes)).toBe(false)
  })

  test('by anybody, when there is no secret', () => {
    for (const header of [null, '', 'sha256=', GOOD, signatureOf(bytes, ''), `sha256=${'0'.repeat(64)}`])
      expect([header, isSigned(header, bytes, [])]).toEqual([header, false])
  })

  test('by any text at all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[0-9a-f]{60,68}$/)), (text) => {
        expect(isSigned(text)).toBe(false)
        expect(isSigned(`sha256=${text}`)).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})

describe('two words are the same secret', () => {
  test('only when they are the same', () => {
    expect(isSameSecret('verify-me', 'verify-me')).toBe(true)
    expect(isSameSecret('', '')).toBe(true)
    for (const other of ['', 'verify-m', 'verify-me ', 'Verify-me', 'verify-mf', 'xverify-me'])
      expect([other, isSameSecret('verify-me', other), isSameSecret(other, 'verify-me')]).toEqual([
        other,
        false,
        false,
      ])
  })
})
