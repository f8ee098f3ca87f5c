import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { delivery } from '../testing/delivery.ts'
import type { DeliveryItem } from './delivery.ts'
import { readDelivery } from './readDelivery.ts'

const now = new Date('2026-11-22T12:00:00Z')
const read = (value: unknown) => readDelivery(new TextEncoder().encode(JSON.stringify(value)), now)
const kinds = (items: DeliveryItem[]) => items.map((item) => item.kind)

/** Any JSON, with the words of a delivery in the places of keys, so that it gets deep into the readers. */
const words = fc.constantFrom(
  'entry',
  'changes',
  'value',
  'field',
  'messages',
  'statuses',
  'contacts',
  'metadata',
  'id',
  'from',
  'type',
  'timestamp',
  'text',
  'body',
  'image',
  'interactive',
  'context',
  'errors',
  'history',
  'threads',
  'message_echoes',
  'system',
  'order',
  'reaction',
  'edit',
  'location',
  'phone_number_id',
  'wa_id',
  'profile',
  'referral',
  'product_items',
)
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.oneof(fc.constant(null), fc.boolean(), fc.double(), fc.string({ unit: 'binary' }), words),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(words, tie('tree'), { maxKeys: 6 }),
  ),
}))

describe('reading a delivery', () => {
  test('never fails, whatever the body is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          tree.map((value) => JSON.stringify(value)),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const items = readDelivery(new TextEncoder().encode(text), now)
          for (const item of items) expect(JSON.parse(JSON.stringify(item))).toBeObject()
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('makes exactly one item of each message, status and echo, whatever they are, and gives each its own place', () => {
    fc.assert(
      fc.property(
        fc.array(tree, { maxLength: 5 }),
        fc.array(tree, { maxLength: 5 }),
        fc.array(tree, { maxLength: 5 }),
        (a, b, c) => {
          const items = read(delivery({ messages: a, statuses: b, message_echoes: c }))
          const ofList = (name: string) =>
            items.filter((item) => item.path.includes(`.value.${name}[`)).length
          expect([ofList('messages'), ofList('statuses'), ofList('message_echoes')]).toEqual([
            a.length,
            b.length,
            c.length,
          ])
          expect(new Set(items.map((item) => item.path)).size).toBe(items.length)
          expect(items.map((item) => item.index)).toEqual(items.map((_, index) => index))
        },
      ),
      { numRuns: 1000 },
    )
  })

  test('takes messages and statuses of one value, several values of one entry, and several entries', () => {
    const one = delivery({
      messages: [{ from: '1', id: 'a', type: 'text', text: { body: 'x' } }],
      statuses: [{ id: 'b', status: 'sent' }],
    })
    const other = delivery({ event: 'APPROVED' }, 'message_template_status_update')
    const both = { ...one, entry: [...(one.entry as unknown[]), ...(other.entry as unknown[])] }
    expect(kinds(read(both))).toEqual(['message', 'status', 'news'])
  })

  test('keeps errors that are about no message as news of the channel', () => {
    const items = read(delivery({ errors: [{ code: 130429, title: 'Rate limit hit' }] }))
    expect(items).toMatchObject([{ kind: 'news', news: { field: 'messages' } }])
  })

  test('does not take a wrong clock for a date: what cannot be true counts as now', () => {
    const at = (timestamp: unknown) => {
      const [item] = read(
        delivery({ messages: [{ from: '1', id: 'a', timestamp, type: 'text', text: { body: 'x' } }] }),
      )
      return item?.kind === 'message' ? item.message.sentAt.toISOString() : null
    }
    expect(at('1763805600')).toBe('2025-11-22T10:00:00.000Z')
    expect(at(1763805600)).toBe('2025-11-22T10:00:00.000Z')
    for (const wrong of ['0', '-5', 'yesterday', null, '99999999999999', {}])
      expect(at(wrong)).toBe(now.toISOString())
  })

  test.each([
    [
      'a reaction without an emoji',
      'reaction',
      { message_id: 'm' },
      { kind: 'reaction', targetWamid: 'm', emoji: null },
    ],
    [
      'a reaction with an empty one',
      'reaction',
      { message_id: 'm', emoji: '' },
      { kind: 'reaction', emoji: null },
    ],
    [
      'a list reply',
      'interactive',
      { type: 'list_reply', list_reply: { id: '1', title: 'Tuesday' } },
      { reply: 'list', title: 'Tuesday' },
    ],
    [
      'a flow',
      'interactive',
      { type: 'nfm_reply', nfm_reply: { body: 'Sent', response_json: 'no json' } },
      { reply: 'flow', title: 'Sent' },
    ],
    ['a kind of tomorrow', 'hologram', { depth: 3 }, { kind: 'unknown', type: 'hologram' }],
    ['a text without its part', 'text', undefined, { kind: 'unknown', type: 'text' }],
    [
      'a location in strings',
      'location',
      { latitude: '52.5', longitude: '13.4' },
      { latitude: 52.5, longitude: 13.4 },
    ],
    [
      'a voice note',
      'audio',
      { id: '1', mime_type: 'audio/ogg; codecs=opus', voice: true },
      { kind: 'audio', isVoice: true },
    ],
    [
      'an order',
      'order',
      { product_items: [{ quantity: '2', item_price: 4.5, currency: 'EUR' }] },
      { itemCount: 1, total: '9.00 EUR' },
    ],
    ['a prototype’s name as type', 'constructor', {}, { kind: 'unknown', type: 'constructor' }],
  ])('understands %s', (_, type, part, content) => {
    const [item] = read(delivery({ messages: [{ from: '1', id: 'a', type, [type]: part }] }))
    expect(item).toMatchObject({ kind: 'message', message: { content } })
  })
})
