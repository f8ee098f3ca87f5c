import { expect, test } from 'bun:test'
import type { ApiKeySnapshot, Scope } from '../../../../server/inbox/apiKey.ts'
import { endInWords, isOver, revokingInWords, scopesInWords, useInWords } from './keyInWords.ts'

const NOW = new Date(2026, 10, 22, 12, 0).getTime()
const at = (hour: number, day = 22) => new Date(2026, 10, day, hour, 0).toISOString()
const KEY: ApiKeySnapshot = {
  id: '1',
  name: 'Shop',
  prefix: 'baton_1234abcd',
  scopes: ['read'],
  agent: { id: 'a', name: 'Ana' },
  createdAt: at(9),
  createdBy: null,
  expiresAt: null,
  lastUsedAt: null,
  revokedAt: null,
}

test('scopes are told in one order, as a sentence begins', () => {
  const words = (...scopes: Scope[]) => scopesInWords(scopes)
  expect([words('read'), words('write', 'read'), words('admin', 'read', 'write')]).toEqual([
    'Read',
    'Read and write',
    'Read, write and administer',
  ])
})

test('a key is over when it was revoked or its time has come', () => {
  expect(isOver(KEY, NOW)).toBe(false)
  expect(isOver({ ...KEY, expiresAt: at(12) }, NOW)).toBe(true)
  expect(isOver({ ...KEY, expiresAt: at(13) }, NOW)).toBe(false)
  expect(isOver({ ...KEY, revokedAt: at(11) }, NOW)).toBe(true)
})

test('use and end are told in words', () => {
  expect(useInWords(KEY, NOW)).toBe('Never used')
  expect(useInWords({ ...KEY, lastUsedAt: at(11) }, NOW)).toBe('Last used at 11:00')
  expect(endInWords(KEY, NOW)).toBe('No expiry')
  expect(endInWords({ ...KEY, expiresAt: at(11) }, NOW)).toBe('Expired at 11:00')
  expect(endInWords({ ...KEY, expiresAt: at(11, 30) }, NOW)).toBe('Expires on 30 Nov')
  expect(endInWords({ ...KEY, expiresAt: at(11, 30), revokedAt: at(10) }, NOW)).toBe('Revoked at 10:00')
})

test('who revokes a key is told who may still use it, and what happens to them', () => {
  expect(revokingInWords(KEY, NOW)).toStartWith('Nothing has used it yet. Whatever sends it is refused')
  expect(revokingInWords({ ...KEY, lastUsedAt: at(11) }, NOW)).toStartWith(
    'It was last used at 11:00, as Ana.',
  )
})
