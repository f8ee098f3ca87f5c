import { describe, expect, test } from 'bun:test'
import type { MediaSnapshot } from '../../../../server/inbox/snapshot.ts'
import { fileTrouble, kindOf } from './mediaRules.ts'
import { durationInWords, formatInWords, sizeInWords, stateInWords } from './mediaWords.ts'
import { boxOf, pictureUrl } from './pictureBox.ts'
import { outcomeOf } from './upload.ts'
import { barsOf } from './waveform.ts'

const MB = 1024 * 1024
const file: MediaSnapshot = {
  id: 'one',
  kind: 'image',
  state: 'stored',
  type: 'image/jpeg',
  filename: null,
  sizeBytes: 90_000,
  width: 1600,
  height: 1200,
  durationSeconds: null,
  waveform: null,
  hasThumbnail: true,
  failure: null,
}

describe('files', () => {
  test('sizes and lengths read as people say them', () => {
    expect([1, 900, 240_000, 7.2 * MB, 64 * MB].map(sizeInWords)).toEqual([
      '1 byte',
      '900 bytes',
      '234 KB',
      '7.2 MB',
      '64 MB',
    ])
    expect([0, 34.6, 62, 3723].map(durationInWords)).toEqual(['0:00', '0:34', '1:02', '1:02:03'])
    expect(formatInWords('application/pdf', 'Order 2291.xlsx')).toBe('XLSX')
    expect(formatInWords('application/x-zip; a=b', 'README')).toBe('ZIP')
  })

  test('a file goes out as what the customer can look at or play, else as a document', () => {
    const types = ['image/png', 'image/webp', 'video/mp4', 'video/webm', 'audio/mpeg', 'audio/wav', '']
    expect(types.map((type) => kindOf({ type, size: 1 }))).toEqual([
      'image',
      'image',
      'video',
      'document',
      'audio',
      'document',
      'document',
    ])
  })

  test('what WhatsApp would refuse is said with the limit, and what helps', () => {
    expect(fileTrouble('image', { type: 'image/jpeg', size: 5 * MB })).toBeNull()
    expect(fileTrouble('image', { type: 'image/jpeg', size: 7.2 * MB })).toEqual({
      words: 'WhatsApp takes photos up to 5 MB; this one has 7.2 MB.',
      canShrink: true,
      canBeDocument: true,
    })
    expect(fileTrouble('image', { type: 'image/webp', size: 10 })?.words).toBe(
      'WhatsApp takes photos as JPEG and PNG; this one is WEBP.',
    )
    expect(fileTrouble('document', { type: '', size: 101 * MB })?.canBeDocument).toBe(false)
    expect(fileTrouble('video', { type: 'video/mp4', size: 120 * MB })?.canBeDocument).toBe(false)
    expect(fileTrouble('document', { type: 'text/plain', size: 0 })?.words).toBe('This file is empty.')
  })

  test('a file that is not here says what is happening, and whether somebody can help', () => {
    expect(stateInWords(file)).toBeNull()
    expect(stateInWords({ ...file, state: 'fetching' })?.words).toBe('Is being fetched from WhatsApp…')
    expect(stateInWords({ ...file, state: 'failed', failure: 'WRONG_DIGEST' })).toEqual({
      words: 'It could not be fetched. It arrived damaged.',
      canRetry: true,
    })
    expect(stateInWords({ ...file, state: 'waiting', failure: 'TIMED_OUT' })?.canRetry).toBe(true)
    expect(stateInWords({ ...file, state: 'expired' })?.canRetry).toBe(false)
  })

  test('a picture keeps its shape within the room of the thread', () => {
    expect(boxOf(file)).toEqual({ width: 320, height: 240 })
    expect(boxOf({ width: 900, height: 3600 })).toEqual({ width: 150, height: 360 })
    expect(boxOf({ width: null, height: null })).toEqual(boxOf({ width: null, height: 10 }))
  })

  test('a light photo is shown itself, a heavy one and a video by the thumbnail', () => {
    expect(pictureUrl(file)).toBe('/media/one')
    expect(pictureUrl({ ...file, sizeBytes: 3 * MB })).toBe('/media/one?thumbnail=1')
    expect(pictureUrl({ ...file, kind: 'video', hasThumbnail: false })).toBeNull()
  })

  test('peaks are cut to the bars that there is room for, and none is lost', () => {
    expect(barsOf([1, 90, 2, 3, 50, 4], 3)).toEqual([90, 3, 50])
    expect(barsOf([10, 20], 4)).toEqual([10, 10, 20, 20])
    expect(barsOf(null, 2)).toEqual([0, 0])
  })

  test('an answer to an upload is taken, refused, or asked for again', () => {
    expect(outcomeOf(201, JSON.stringify({ media: file }))).toEqual({ media: file })
    expect(outcomeOf(415, '{"error":"This is no photo.","reason":"WRONG_TYPE"}')).toEqual({
      refused: 'This is no photo.',
    })
    expect(outcomeOf(502, '<html>')).toEqual({
      away: 'The server cannot take files right now. Try again in a moment.',
    })
  })
})
