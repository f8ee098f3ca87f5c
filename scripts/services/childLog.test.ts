import { expect, test } from 'bun:test'
import { worthShowing } from './childLog.ts'

test('the terminal shows warnings and errors, and none of the calm lines', () => {
  expect(worthShowing('{"level":30,"msg":"listening"}', false)).toBeUndefined()
  expect(worthShowing('{"level":40,"msg":"slow"}', false)).toBe('slow')
  expect(worthShowing('{"level":50,"msg":"not stored","err":{"message":"ECONNREFUSED"}}', false)).toBe(
    'not stored: ECONNREFUSED',
  )
})

test('a crash is shown as it is', () => {
  expect(worthShowing('TypeError: x is undefined', true)).toBe('TypeError: x is undefined')
  expect(worthShowing('a stray print', false)).toBeUndefined()
})
