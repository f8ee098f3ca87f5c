import { describe, expect, test } from 'bun:test'
import type { FeedItem, InboxEvent } from '../inbox/event.ts'
import { bundleOf } from '../live/bundle.ts'
import { BETWEEN_FRAMES, encodeFrame } from './encode.ts'

const itemOf = (seq: string, wamid: string): FeedItem => {
  const event: InboxEvent = {
    type: 'message.status',
    conversationId: 'c',
    messageId: 'a "quoted"\nline',
    attempt: 1,
    status: 'read',
    error: null,
    wamid,
  }
  return { seq, type: 'event', event }
}
/** As tRPC hands it over. */
const frame = (id: number, item: FeedItem) => ({
  id,
  jsonrpc: undefined,
  result: { type: 'data', data: { id: item.seq, data: item }, id: item.seq },
})

describe('a frame', () => {
  test('of an event says what JSON would have said, to every socket that is sent it', () => {
    const item = itemOf('7', 'w')
    for (const id of [1, 2, 3]) {
      expect(encodeFrame(frame(id, item))).toBe(JSON.stringify(frame(id, item)))
    }
  })

  test('of a bundle becomes as many frames as it holds items, in their order', () => {
    const items = ['7', '8', '9'].map((seq) => itemOf(seq, `w${seq}`))
    const bundle = bundleOf(items)
    if (!bundle) throw new Error('There is no bundle')
    const frames = encodeFrame(frame(4, bundle)).split(BETWEEN_FRAMES)
    expect(frames.map((text) => JSON.parse(text))).toEqual(
      items.map((item) => JSON.parse(JSON.stringify(frame(4, item)))),
    )
  })

  test('of anything else is plain JSON', () => {
    for (const plain of [
      { id: 1, result: { type: 'started' } },
      { id: 1, result: { type: 'data', data: { id: '5', data: { seq: '5', type: 'cursor' } } } },
      { id: 1, result: { type: 'data', data: 'ana' } },
      { id: null, error: { message: 'x' } },
    ]) {
      expect(encodeFrame(plain)).toBe(JSON.stringify(plain))
    }
  })
})
