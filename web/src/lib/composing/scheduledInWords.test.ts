import { describe, expect, test } from 'bun:test'
import type { ScheduledSnapshot } from '../../../../server/inbox/snapshot.ts'
import { scheduledLine, scheduledSnippet } from './scheduledInWords.ts'

const NOW = new Date(2026, 10, 25, 12).getTime()
const inHours = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString()
const waiting: ScheduledSnapshot = {
  id: 's',
  conversationId: 'c',
  clientMessageId: 'm',
  agent: { id: 'ana', name: 'Ana' },
  content: { kind: 'text', text: 'Good morning' },
  quotedMessageId: null,
  sendAt: inHours(5),
  state: 'scheduled',
  refusal: null,
  isBeyondWindow: false,
  messageId: null,
  createdAt: inHours(-1),
}
const refused = (reason: 'WINDOW_CLOSED' | 'OPTED_OUT', message: string): ScheduledSnapshot => ({
  ...waiting,
  state: 'refused',
  refusal: { reason, message },
})
const line = (one: ScheduledSnapshot, closesAt: string | null) =>
  scheduledLine(one, { name: 'Nora', closesAt, now: NOW })

describe('a scheduled message', () => {
  test('says when it goes out, and can be sent now, moved, edited and called off', () => {
    expect(line(waiting, inHours(20))).toEqual({
      tone: 'plain',
      words: 'Goes out 17:00',
      acts: ['now', 'time', 'edit', 'cancel'],
    })
  })

  test('warns as soon as the window ends before its time, and no more once the customer has written', () => {
    expect(line(waiting, inHours(4)).tone).toBe('warn')
    expect(line(waiting, inHours(4)).words).toContain('unless Nora writes before')
    expect(line(waiting, inHours(24)).tone).toBe('plain')
  })

  test('that was refused for the window offers a template, and sending it as soon as the window is open', () => {
    const one = refused('WINDOW_CLOSED', 'The window is closed.')
    expect(line(one, inHours(-1))).toMatchObject({
      tone: 'danger',
      acts: ['template', 'time', 'edit', 'cancel'],
    })
    expect(line(one, inHours(24)).acts[0]).toBe('now')
  })

  test('that was refused for anything else says what the server said', () => {
    expect(line(refused('OPTED_OUT', 'They want no marketing.'), inHours(4)).words).toBe(
      'Not sent: They want no marketing.',
    )
  })

  test('a template needs no window, and is called by its name', () => {
    const template: ScheduledSnapshot = {
      ...waiting,
      content: { kind: 'template', templateId: 't', body: {} },
    }
    expect(line(template, inHours(-1))).toMatchObject({ tone: 'plain', acts: ['now', 'time', 'cancel'] })
    expect(scheduledSnippet(template, 'order_ready')).toBe('Template “order_ready”')
    expect(scheduledSnippet(waiting, null)).toBe('Good morning')
  })

  test('that goes out this very moment leaves nothing to do', () => {
    expect(line({ ...waiting, state: 'sending' }, null).acts).toEqual([])
  })
})
