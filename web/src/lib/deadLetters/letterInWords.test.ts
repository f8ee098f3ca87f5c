import { describe, expect, test } from 'bun:test'
import type { DeadLetterSnapshot } from '../../../../server/inbox/readDeadLetters.ts'
import { partOf, placeInWords, reasonInWords, sizeInWords, wholeOf } from './letterInWords.ts'

const LETTER: DeadLetterSnapshot = {
  id: '1',
  streamId: '1-0',
  path: 'entry[0].changes[0].value.messages[0]',
  reason: 'malformed_message',
  detail: null,
  item: { type: 'text' },
  raw: '{"entry":[]}',
  rawSize: 12,
  createdAt: '2026-11-22T12:00:00.000Z',
  resolvedAt: null,
  resolution: null,
  resolutionNote: null,
  resolvedBy: null,
}

describe('a dead letter in words', () => {
  test('each reason has its words, and an unknown one is shown as it is', () => {
    expect(reasonInWords('unknown_channel').title).toBe('No channel has this number')
    expect(reasonInWords('invented_tomorrow')).toEqual({ title: 'invented_tomorrow', help: '' })
  })

  test('its place is counted from one, the nearest first', () => {
    expect(
      [
        '',
        'entry[1]',
        'entry[0].changes[2].value.messages[17]',
        'entry[0].changes[0].value.history[0].threads[3].messages[1]',
        'somewhere',
      ].map(placeInWords),
    ).toEqual([
      'The whole delivery',
      'Entry 2',
      'Message 18, in change 3 of entry 1',
      'Message 2, in thread 4 of part of the history 1 of change 1 of entry 1',
      'Somewhere',
    ])
  })

  test('what is whole gets line breaks, what is cut or broken is shown as it came', () => {
    expect(wholeOf(LETTER)).toEqual({ text: '{\n  "entry": []\n}', cut: null })
    expect(wholeOf({ ...LETTER, raw: 'not JSON', rawSize: 8 })).toEqual({ text: 'not JSON', cut: null })
    expect(wholeOf({ ...LETTER, raw: '{"é', rawSize: 3_100_000 })).toEqual({
      text: '{"é',
      cut: { shown: 4, whole: 3_100_000 },
    })
  })

  test('its part is shown alone, unless it is the whole', () => {
    expect(partOf(LETTER)?.text).toBe('{\n  "type": "text"\n}')
    expect(partOf({ ...LETTER, path: '' })).toBeNull()
    expect(partOf({ ...LETTER, item: null })).toBeNull()
  })

  test('sizes are round', () => {
    expect([312, 20_480, 3_145_728].map(sizeInWords)).toEqual(['312 bytes', '20 kB', '3.1 MB'])
  })
})
