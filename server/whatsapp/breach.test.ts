import { describe, expect, test } from 'bun:test'
import { breachOf } from './breach.ts'
import type { OutgoingContent } from './outgoingContent.ts'

const long = (length: number) => 'x'.repeat(length)
const buttons = (...titles: string[]): OutgoingContent => ({
  kind: 'buttons',
  text: 'Shall we?',
  buttons: titles.map((title, index) => ({ id: `b${index}`, title })),
})
const list = (...rows: { id: string; title: string; description?: string }[][]): OutgoingContent => ({
  kind: 'list',
  text: 'Which one?',
  button: 'Choose',
  sections: rows.map((section, index) => ({ title: `Part ${index}`, rows: section })),
})
const rows = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ id: `r${index}`, title: `${index}` }))

const fileId = '0197a6b0-0000-7000-8000-000000000000'

describe("WhatsApp's limits", () => {
  const fits: [string, OutgoingContent][] = [
    ['a text of 4,096 characters', { kind: 'text', text: long(4096) }],
    ['a caption of 1,024', { kind: 'image', fileId, caption: long(1024) }],
    ['three buttons of 20', buttons(long(20), `${long(19)}a`, `${long(19)}b`)],
    ['ten rows in two sections', list(rows(5), rows(10).slice(5))],
    ['a list text of 4,096', { ...list(rows(1)), text: long(4096) } as OutgoingContent],
    ['a link', { kind: 'cta_url', text: 'See', title: 'Open', url: 'https://linden.example/x?y=1' }],
  ]
  test.each(fits)('%s fits', (_, content) => {
    expect(breachOf(content)).toBeNull()
  })

  const breaks: [string, OutgoingContent, object][] = [
    ['a text of 4,097', { kind: 'text', text: long(4097) }, { field: 'text', limit: 4096, actual: 4097 }],
    ['an empty text', { kind: 'text', text: ' \n' }, { field: 'text', problem: 'missing' }],
    [
      'a caption of 1,025',
      { kind: 'video', fileId, caption: long(1025) },
      { field: 'caption', limit: 1024, actual: 1025 },
    ],
    ['a caption with audio', { kind: 'audio', fileId, caption: 'Hear' }, { problem: 'not_possible' }],
    ['four buttons', buttons('a', 'b', 'c', 'd'), { field: 'buttons', limit: 3, actual: 4 }],
    ['no button', buttons(), { field: 'buttons', problem: 'missing' }],
    ['a button of 21', buttons('Yes', long(21)), { field: 'buttons.1.title', limit: 20, actual: 21 }],
    ['two equal buttons', buttons('Yes', 'Yes'), { field: 'buttons', problem: 'repeated' }],
    ['eleven rows in all', list(rows(6), rows(11).slice(6)), { field: 'sections', limit: 10, actual: 11 }],
    ['an empty section', list(rows(1), []), { field: 'sections.1.rows', problem: 'missing' }],
    [
      'a row of 25',
      list([{ id: 'r', title: long(25) }]),
      { field: 'sections.0.rows.0.title', limit: 24, actual: 25 },
    ],
    [
      'a description of 73',
      list([{ id: 'r', title: 'Row', description: long(73) }]),
      { field: 'sections.0.rows.0.description', limit: 72, actual: 73 },
    ],
    [
      'a footer of 61',
      { ...buttons('Yes'), footer: long(61) } as OutgoingContent,
      { field: 'footer', limit: 60 },
    ],
    [
      'buttons below 1,025 characters',
      { ...buttons('Yes'), text: long(1025) } as OutgoingContent,
      { field: 'text', limit: 1024 },
    ],
    [
      'a link that is none',
      { kind: 'cta_url', text: 'See', title: 'Open', url: 'javascript:alert(1)' },
      { field: 'url', problem: 'not_a_link' },
    ],
    [
      'a nameless contact',
      { kind: 'contacts', cards: [{ name: ' ', phones: [], emails: [] }] },
      { field: 'cards.0.name' },
    ],
  ]
  test.each(breaks)('%s breaks one, and it is said which and by how much', (_, content, breach) => {
    expect(breachOf(content)).toMatchObject(breach)
    expect(breachOf(content)?.sentence).toMatch(/^[A-Z].*\.$/)
  })
})
