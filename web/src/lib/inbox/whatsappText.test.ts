import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { isEmojiOnly, parseWhatsAppText, type TextPiece } from './whatsappText.ts'

const flat = (pieces: TextPiece[]): string =>
  pieces
    .map((piece) => {
      if ('items' in piece)
        return piece.items.map((item) => `${item.number ?? ''}${flat(item.pieces)}`).join('')
      return 'pieces' in piece ? flat(piece.pieces) : piece.text
    })
    .join('')
const kinds = (text: string) => parseWhatsAppText(text).map((piece) => piece.kind)

describe('WhatsApp formatting', () => {
  test('marks around words are bold, italic and struck through, also within each other', () => {
    expect(parseWhatsAppText('a *b _c_* ~d~')).toEqual([
      { kind: 'text', text: 'a ' },
      {
        kind: 'bold',
        pieces: [
          { kind: 'text', text: 'b ' },
          { kind: 'italic', pieces: [{ kind: 'text', text: 'c' }] },
        ],
      },
      { kind: 'text', text: ' ' },
      { kind: 'strike', pieces: [{ kind: 'text', text: 'd' }] },
    ])
  })

  test('marks within words, before spaces or over lines are only characters', () => {
    for (const text of ['2*3*4', 'snake_case_name', 'a * not bold *', '*over\nlines*', '5 * 3 = 15']) {
      expect(kinds(text)).toEqual(['text'])
    }
  })

  test('lines that begin with a point, a number or a quote mark are lists and quotes, and are formatted within', () => {
    expect(parseWhatsAppText('Take\n- one *oak*\n* two\n2. three\n> said\n> so\nand')).toEqual([
      { kind: 'text', text: 'Take' },
      {
        kind: 'bullets',
        items: [
          {
            number: null,
            pieces: [
              { kind: 'text', text: 'one ' },
              { kind: 'bold', pieces: [{ kind: 'text', text: 'oak' }] },
            ],
          },
          { number: null, pieces: [{ kind: 'text', text: 'two' }] },
        ],
      },
      { kind: 'numbers', items: [{ number: '2', pieces: [{ kind: 'text', text: 'three' }] }] },
      { kind: 'quote', pieces: [{ kind: 'text', text: 'said\nso' }] },
      { kind: 'text', text: 'and' },
    ])
  })

  test('a mark without a space, or with nothing behind it, begins no list', () => {
    for (const text of ['-5 degrees', '- ', '>not quoted', '1.5 litres', '*bold*', '1) one'])
      expect(kinds(text)[0]).toBeOneOf(['text', 'bold'])
  })

  test('nothing inside code is formatted', () => {
    expect(parseWhatsAppText('`*x*` ```\n_y_\n```')).toEqual([
      { kind: 'code', text: '*x*' },
      { kind: 'text', text: ' ' },
      { kind: 'block', text: '_y_' },
    ])
  })

  test('links lose the punctuation of their sentence and keep their underscores', () => {
    expect(parseWhatsAppText('See https://example.com/a_b_c. Or www.example.org!')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://example.com/a_b_c', href: 'https://example.com/a_b_c' },
      { kind: 'text', text: '. Or ' },
      { kind: 'link', text: 'www.example.org', href: 'https://www.example.org/' },
      { kind: 'text', text: '!' },
    ])
  })

  test('other schemes are text', () => {
    expect(kinds('javascript:alert(1) data:text/html,x')).toEqual(['text'])
  })

  test('no text is lost, whatever it is, and every link leads to the web', () => {
    const pieces = fc.constantFrom(
      '*',
      '_',
      '~',
      '`',
      '```',
      ' ',
      '\n',
      'a',
      'ب',
      '🙏',
      'https://x.io/',
      'www.y.io',
      '.',
      '<b>',
      '- ',
      '> ',
      '1. ',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        const text = parts.join('')
        const parsed = parseWhatsAppText(text)
        const without = (value: string) => value.replace(/[*_~`\n> -]/g, '')
        expect(without(flat(parsed)).replaceAll('.', '')).toBe(without(text).replaceAll('.', ''))
        for (const piece of parsed) if (piece.kind === 'link') expect(piece.href).toMatch(/^https?:\/\//)
      }),
    )
  })

  test('up to three emoji alone are shown big', () => {
    expect(['👍', '🎉😍', '👨‍👩‍👧‍👦', '🇩🇪', '❤️', '👍🏽 👍'].map(isEmojiOnly)).toEqual([
      true,
      true,
      true,
      true,
      true,
      true,
    ])
    expect(['ok 👍', '1', '', '👍👍👍👍', '12:30', '#'].map(isEmojiOnly)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
    ])
  })
})
