import { describe, expect, test } from 'bun:test'
import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { coordinatesIn } from './coordinates.ts'
import { noteOf } from './messageNote.ts'
import { bubbleOf, type Outgoing, sendableOf } from './outgoing.ts'
import { phoneIn, phoneTrouble } from './phoneNumber.ts'
import { shownAs } from './shownAs.ts'

const ANA = { id: 'ana', name: 'Ana' }
const outgoing: Outgoing = {
  clientMessageId: 'one',
  conversationId: 'nora',
  body: 'Hello',
  sentAt: '2026-01-01T12:00:00.000Z',
  lock: null,
  seenSeq: null,
  refused: null,
}
const NOW = Date.parse('2026-01-01T12:10:00.000Z')
const sent = (more: Partial<MessageSnapshot>): MessageSnapshot => ({ ...bubbleOf(outgoing, ANA), ...more })
const acts = (more: Partial<MessageSnapshot>) => noteOf(sent(more), NOW)?.acts
const error = (code: number) => ({ code, title: 'A title', details: null })

describe('sending', () => {
  test('a plain text is sent as its body, anything else as its content with what it quotes', () => {
    expect(sendableOf(outgoing)).toEqual({ body: 'Hello' })
    const content = { kind: 'text', text: 'Hello' } as const
    const parts = { content, shown: content, media: null, quoted: { messageId: 'm1', wamid: 'w1' } }
    expect(sendableOf({ ...outgoing, parts })).toEqual({ content, quotedMessageId: 'm1' })
    expect(bubbleOf({ ...outgoing, parts }, ANA).context?.quotedWamid).toBe('w1')
  })

  test('a file is shown at once as the server will show it, with its caption as its words', () => {
    const { shown, body } = shownAs({ kind: 'image', fileId: 'f1', caption: 'Moss' }, null)
    expect(shown).toMatchObject({ kind: 'image', fileId: 'f1', caption: 'Moss', isVoice: false })
    expect(body).toBe('Moss')
    expect(shownAs({ kind: 'audio', fileId: 'f1', isVoice: true }, null).body).toBe('')
  })

  test('what failed offers what helps, and always to be put aside', () => {
    expect(acts({ status: 'failed', error: error(132069) })).toEqual(['retry', 'dismiss'])
    expect(acts({ status: 'failed', error: error(131047) })).toEqual(['template', 'dismiss'])
    expect(acts({ status: 'failed', error: error(131009) })).toEqual(['edit', 'dismiss'])
    expect(acts({ status: 'failed', error: error(131026) })).toEqual(['dismiss'])
    expect(noteOf(sent({ status: 'failed', dismissedAt: outgoing.sentAt }), NOW)).toBeNull()
  })

  test('words of anything but a text cannot be put back into the composer', () => {
    const content = { kind: 'location_request', text: 'Where?' } as const
    expect(acts({ status: 'failed', error: error(131009), content })).toEqual(['dismiss'])
  })

  test('doubt is the agent’s turn only after the time in which a status should have come', () => {
    expect(acts({ status: 'unknown', decideAt: '2026-01-01T12:11:00.000Z' })).toEqual([])
    expect(acts({ status: 'unknown', decideAt: '2026-01-01T12:10:00.000Z' })).toEqual([
      'check',
      'send_again',
      'leave',
    ])
  })

  test('what was put off says when it goes, what arrived twice says so, and the rest says nothing', () => {
    const put = noteOf(sent({ retryAt: '2026-01-01T12:12:00.000Z', error: error(80007) }), NOW)
    expect(put?.words).toMatch(/Next try \d\d:12\.$/)
    expect(put?.acts).toEqual(['cancel'])
    expect(noteOf(sent({ status: 'read', wasDeliveredEarlier: true }), NOW)?.words).toMatch(
      /^Delivered twice/,
    )
    expect(noteOf(sent({}), NOW)).toBeNull()
    expect(noteOf(sent({ status: 'failed', direction: 'in' }), NOW)).toBeNull()
  })

  test('a number needs its country code, and says what is wrong with it', () => {
    expect(['+49 30 5550-1170', '0049 (30) 55501170', '+1.650.555.1234'].map(phoneIn)).toEqual([
      '+493055501170',
      '+493055501170',
      '+16505551234',
    ])
    expect(
      ['030 55501170', '+49 30', '+49 30 5550 1170 1234 5', '+0 650 5551234', '+49 abc'].map(phoneIn),
    ).toEqual([null, null, null, null, null])
    expect(phoneTrouble('')).toBeNull()
    expect(phoneTrouble('+49 30x')).toBe('“x” does not belong into a number.')
  })

  test('coordinates are found in what people copy from maps', () => {
    const berlin = { latitude: 52.5163, longitude: 13.3777 }
    expect(coordinatesIn('52.5163, 13.3777')).toEqual(berlin)
    expect(coordinatesIn('https://www.google.com/maps/place/X/@52.5163,13.3777,17z')).toEqual(berlin)
    expect(coordinatesIn('https://www.openstreetmap.org/?mlat=52.5163&mlon=13.3777#map=16/1/2')).toEqual(
      berlin,
    )
    expect(coordinatesIn('https://www.openstreetmap.org/#map=16/52.5163/13.3777')).toEqual(berlin)
    expect(['Linden Street 12', '95, 13', '52.5', ''].map(coordinatesIn)).toEqual([null, null, null, null])
  })
})
