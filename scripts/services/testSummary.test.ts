import { expect, test } from 'bun:test'
import { summaryLine, TestCount } from './testSummary.ts'

function lineFor(output: string, exitCode: number | null): string {
  const count = new TestCount()
  for (const line of output.split('\n')) count.read(line)
  return summaryLine(count.summary(exitCode))
}

test('the count is read from what bun prints', () => {
  expect(lineFor(' 12 pass\n 0 fail\n 30 expect() calls', 0)).toBe('12 passed, 0 failed')
  expect(lineFor('\x1b[32m 3 pass\x1b[0m\n 1 skip\n 1 todo\n 2 fail', 1)).toBe(
    '(2 skipped: what they need is not here)\n3 passed, 2 failed',
  )
})

test('a run that ends badly has failed, whatever it counted', () => {
  expect(lineFor(' 3 pass\n 0 fail', 1)).toBe('3 passed, 1 failed')
  expect(lineFor('', null)).toBe('0 passed, 1 failed')
  expect(lineFor(' 3 pass\n 0 fail\n 2 errors', 1)).toBe('3 passed, 2 failed')
})
