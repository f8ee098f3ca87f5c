import { expect, test } from 'bun:test'
import { eventually } from './eventually.ts'

test('a condition that comes true gives its value', async () => {
  let looks = 0
  expect(await eventually(() => (++looks === 3 ? 'there' : undefined))).toBe('there')
})

test('an expectation that fails at first is looked at again', async () => {
  let looks = 0
  await eventually(() => {
    expect(++looks).toBe(3)
    return true
  })
})

test('a condition that never comes true says what was awaited and what was last seen', async () => {
  const late = eventually(() => 0, { withinMs: 30, what: 'the outbox is empty' })
  await expect(late).rejects.toThrow(/after 30 ms: the outbox is empty\nat last: it was 0/)
})
