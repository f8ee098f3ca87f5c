import { expect, test } from 'bun:test'
import { readEnv } from './env.ts'
import { areFaults, failPoint, isSabotaged } from './failPoint.ts'

const good = {
  DATABASE_URL: 'postgres://baton@127.0.0.1:5432/baton',
  REDIS_URL: 'redis://127.0.0.1:6379',
  SESSION_SECRET: 'a session secret of at least 32 characters',
  WHATSAPP_ACCESS_TOKEN: 'token',
  WHATSAPP_APP_SECRET: 'secret',
  WHATSAPP_VERIFY_TOKEN: 'word',
}

test('faults can be armed in a test, and nowhere else', () => {
  const armed = { ...good, BATON_TEST_FAULTS: 'kill@after-commit:3,ack-before-commit' }
  expect(readEnv({ ...armed, NODE_ENV: 'test' }).testFaults).toBe('kill@after-commit:3,ack-before-commit')
  expect(() => readEnv({ ...armed, NODE_ENV: 'production' })).toThrow('BATON_TEST_FAULTS')
  expect(() => readEnv(armed)).toThrow('BATON_TEST_FAULTS')
  expect(readEnv({ ...good, NODE_ENV: 'test' }).testFaults).toBeUndefined()
})

test('a fault that nobody knows is refused, so that a slip of the pen does not look like a fault survived', () => {
  expect(areFaults('kill@after-xadd:1')).toBe(true)
  expect(areFaults('kill@after-lunch:1')).toBe(false)
  expect(areFaults('kill@after-xadd:0')).toBe(false)
  expect(areFaults('answer-early')).toBe(true)
  expect(areFaults('answer-late')).toBe(false)
})

test('with nothing armed a step is passed and no promise is broken', () => {
  failPoint('after-commit')
  expect(isSabotaged('ack-before-commit')).toBe(false)
})
