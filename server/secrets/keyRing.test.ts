import { describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { placeOf } from './credentialPlace.ts'
import { createKeyRing, readKey, Unreadable } from './keyRing.ts'

const [oldKey, newKey] = [randomBytes(32), randomBytes(32)]
const TOKEN = 'EAAG-a-token-of-WhatsApp-ü'
const HERE = placeOf('0190a1b2-0000-7000-8000-000000000001', 'accessToken')
const ELSEWHERE = placeOf('0190a1b2-0000-7000-8000-000000000002', 'accessToken')
const AS_SECRET = placeOf('0190a1b2-0000-7000-8000-000000000001', 'appSecret')

const ring = createKeyRing([oldKey])
const opening =
  (sealed: string, place = HERE, keys = ring) =>
  () =>
    keys.open(sealed, place)

describe('a sealed secret', () => {
  test('opens where it was sealed for, and tells nothing before', () => {
    const sealed = ring.seal(TOKEN, HERE)
    expect(ring.open(sealed, HERE)).toBe(TOKEN)
    expect(sealed).not.toContain(TOKEN)
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('EAAG')
  })

  test('looks different each time', () => {
    expect(ring.seal(TOKEN, HERE)).not.toBe(ring.seal(TOKEN, HERE))
  })

  test('does not open for another channel, nor as another kind of secret', () => {
    const sealed = ring.seal(TOKEN, HERE)
    expect(opening(sealed, ELSEWHERE)).toThrow(Unreadable)
    expect(opening(sealed, AS_SECRET)).toThrow(Unreadable)
  })

  test('does not open with another key, and says so', () => {
    const stranger = createKeyRing([newKey])
    expect(opening(ring.seal(TOKEN, HERE), HERE, stranger)).toThrow('another key')
    expect(opening(ring.seal(TOKEN, HERE), HERE, createKeyRing([]))).toThrow('another key')
  })

  test('does not open when any single bit of it was changed, or its end is missing', () => {
    const [version = '', keyId = '', text = ''] = ring.seal(TOKEN, HERE).split('.')
    const bytes = Buffer.from(text, 'base64url')
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(opening([version, keyId, changed.toString('base64url')].join('.'))).toThrow(Unreadable)
    }
    for (let length = 0; length < bytes.byteLength; length++) {
      const cut = bytes.subarray(0, length).toString('base64url')
      expect(opening([version, keyId, cut].join('.'))).toThrow(Unreadable)
    }
  })

  test('of another form is not tried', () => {
    for (const odd of ['', TOKEN, 'v1', 'v1..', ring.seal(TOKEN, HERE).replace('v1', 'v2')])
      expect(opening(odd)).toThrow(Unreadable)
  })
})

describe('a ring of several keys', () => {
  const both = createKeyRing([newKey, oldKey])

  test('opens what either sealed, seals with the first, and knows what is to be sealed anew', () => {
    const before = ring.seal(TOKEN, HERE)
    expect(both.open(before, HERE)).toBe(TOKEN)
    expect(both.isCurrent(before)).toBe(false)
    const after = both.seal(TOKEN, HERE)
    expect(both.isCurrent(after)).toBe(true)
    expect(createKeyRing([newKey]).open(after, HERE)).toBe(TOKEN)
    expect(opening(after)).toThrow('another key')
  })

  test('of none seals nothing', () => {
    expect(createKeyRing([]).canSeal).toBe(false)
    expect(() => createKeyRing([]).seal(TOKEN, HERE)).toThrow(Unreadable)
  })
})

test('a key is 32 bytes, in hex or in base64', () => {
  expect(readKey(oldKey.toString('hex'))).toEqual(oldKey)
  expect(readKey(oldKey.toString('hex').toUpperCase())).toEqual(oldKey)
  expect(readKey(oldKey.toString('base64'))).toEqual(oldKey)
  for (const odd of ['', 'a password', oldKey.toString('hex').slice(2), randomBytes(31).toString('base64')])
    expect(readKey(odd)).toBeNull()
})
