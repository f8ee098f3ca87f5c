import { expect, test } from 'bun:test'
import { TestFailures } from './testFailures.ts'

function failuresOf(...lines: string[]): string[] {
  const failures = new TestFailures()
  for (const line of lines) failures.read(line)
  return failures.lines
}

test('what failed is told with its reasons, and nothing of what passed', () => {
  expect(
    failuresOf(
      'a.test.ts:',
      '(pass) one [0.10ms]',
      'error: \x1b[31mexpected 1\x1b[0m',
      '',
      '      at a.test.ts:4',
      '(fail) two [1.00ms]',
      '(fail) three [100.00ms]',
      '  ^ this test timed out after 100ms.',
      '(pass) four',
      '',
      '2 tests failed:',
      '(fail) two [1.00ms]',
      ' 2 pass',
    ),
  ).toEqual([
    '',
    'error: expected 1',
    '',
    '      at a.test.ts:4',
    '(fail) two [1.00ms]',
    '',
    '(fail) three [100.00ms]',
    '  ^ this test timed out after 100ms.',
  ])
})

test('on a terminal the results are signs', () => {
  expect(failuresOf('\x1b[32m✓\x1b[0m one', 'error: lost', '\x1b[31m✗\x1b[0m two', ' 1 pass')).toEqual([
    '',
    'error: lost',
    '✗ two',
  ])
})

test('an error outside of a test is told too, between two tests or after the last', () => {
  const unhandled = ['# Unhandled error between tests', 'error: lost']
  expect(failuresOf(...unhandled, '(pass) one', ' 1 pass')).toEqual(['', ...unhandled, '(pass) one'])
  expect(failuresOf('(pass) one', ...unhandled, ' 1 pass')).toEqual(['', ...unhandled])
})

test('a run in which nothing failed tells nothing', () => {
  expect(failuresOf('said', '(pass) one', '(skip) two', ' 1 pass')).toEqual([])
})
