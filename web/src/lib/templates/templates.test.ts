import { describe, expect, test } from 'bun:test'
import { missingOf, placesOf, previewOf, sendableTemplate, wordsTrouble } from './fill.ts'
import type { Template } from './template.ts'
import { languageInWords, obstacleTo } from './templateWords.ts'

const template: Template = {
  id: 'delivery',
  name: 'delivery_day',
  language: 'en_US',
  category: 'UTILITY',
  status: 'APPROVED',
  quality: null,
  parameterFormat: 'named',
  header: { format: 'image' },
  body: {
    text: 'Hi {{first_name}}, your {{item}} arrives.',
    variables: [
      { name: 'first_name', example: 'Priya' },
      { name: 'item', example: 'sofa' },
    ],
  },
  footer: 'Baton Furniture',
  buttons: [
    { index: 0, type: 'QUICK_REPLY', text: 'Fine', value: null, variable: null },
    {
      index: 1,
      type: 'URL',
      text: 'Track',
      value: 'https://example.com/{{1}}',
      variable: { name: '1', example: 'A1' },
    },
  ],
  unusable: null,
}
const nothing = { words: {}, file: null, location: null }
const filled = {
  words: { 'body.first_name': ' Nora ', 'body.item': 'sofa', 'buttons.1': 'A7' },
  file: { id: 'photo', filename: 'sofa.jpg' },
  location: null,
}

describe('templates', () => {
  test('their places are read from top to bottom, in words', () => {
    expect(placesOf(template).map(({ key, label }) => [key, label])).toEqual([
      ['body.first_name', 'First name'],
      ['body.item', 'Item'],
      ['buttons.1', 'End of the link “Track”'],
    ])
  })

  test('one that is not filled in says what is missing, one thing at a time', () => {
    expect(missingOf(template, nothing)).toBe('Choose the picture for its head.')
    expect(missingOf(template, { ...nothing, file: filled.file })).toBe('Fill in the 3 open places.')
    const words = { ...filled.words, 'buttons.1': '' }
    expect(missingOf(template, { ...filled, words })).toBe('Fill in “End of the link “Track””.')
    expect(missingOf(template, filled)).toBeNull()
  })

  test('one whose words are too long once filled in is not sent', () => {
    const words = { ...filled.words, 'body.item': 'x'.repeat(1024) }
    expect(missingOf(template, { ...filled, words })).toMatch(/^Filled in, the text has 1\d{3} characters/)
  })

  test('line breaks in a place are told before WhatsApp refuses them', () => {
    expect(wordsTrouble('two\nlines')).not.toBeNull()
    expect(wordsTrouble('four    spaces')).toBeNull()
    expect(wordsTrouble('five     spaces')).not.toBeNull()
  })

  test('the preview shows what the customer will see, open places as they stand', () => {
    expect(previewOf(template, nothing).body).toBe('Hi {{first_name}}, your {{item}} arrives.')
    const preview = previewOf(template, filled)
    expect(preview.body).toBe('Hi Nora, your sofa arrives.')
    expect(preview.buttons[1]?.value).toBe('https://example.com/A7')
    expect(preview.header).toEqual({ format: 'image', fileId: 'photo', filename: 'sofa.jpg' })
  })

  test('what is sent names the template, its file, and each place once', () => {
    expect(sendableTemplate(template, filled)).toEqual({
      kind: 'template',
      templateId: 'delivery',
      header: { fileId: 'photo' },
      body: { first_name: 'Nora', item: 'sofa' },
      buttons: [{ index: 1, value: 'A7' }],
    })
  })

  test('who wants no marketing is sent other templates', () => {
    expect(obstacleTo(template, 'Nora')).toBeNull()
    expect(obstacleTo({ ...template, category: 'MARKETING' }, 'Nora')?.badge).toBe('Opted out')
    expect(obstacleTo({ ...template, category: 'MARKETING' }, null)).toBeNull()
    const paused = { ...template, status: 'PAUSED', unusable: 'It is paused.' }
    expect(obstacleTo(paused, null)).toEqual({ badge: 'Paused', words: 'It is paused.' })
  })

  test('languages have names, and a code that nobody knows stays as it is', () => {
    expect([languageInWords('en_US'), languageInWords('es'), languageInWords('not a code')]).toEqual([
      'American English',
      'Spanish',
      'not a code',
    ])
  })
})
