/** A piece of a message's text. A tree, so that components draw elements and no text is ever taken for markup. */
export type TextPiece =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; pieces: TextPiece[] }
  | { kind: 'code' | 'block'; text: string }
  | { kind: 'link'; text: string; href: string }

const STYLE = { '*': 'bold', _: 'italic', '~': 'strike' } as const
const BLOCK = /```([\s\S]+?)```/
const CODE = /`([^`\n]+)`/
const LINK = /(?:https?:\/\/|www\.)[^\s<>"'`]+/i
/** A mark opens after a space or punctuation and before a character, and closes the other way round, on the same line. */
const STYLED = /(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u

/** WhatsApp's formatting: *bold*, _italic_, ~strike~, `code`, ```block```, and links. */
export function parseWhatsAppText(text: string): TextPiece[] {
  return split(
    text,
    BLOCK,
    ([, code = '']) => ({ kind: 'block', text: code.replace(/^\n|\n$/g, '') }),
    inline,
  )
}

/** Whether something in it can be followed, so that WhatsApp may show a preview of it. */
export function hasLink(text: string): boolean {
  const match = LINK.exec(text)
  return match !== null && linkOf(match[0]) !== null
}

/** Nothing but a few emoji: shown bigger. */
export function isEmojiOnly(text: string): boolean {
  const bare = text.replace(/\s/g, '')
  if (bare === '' || bare.length > 40) return false
  if (!/^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?|[\u{1F3FB}-\u{1F3FF}\u200D])+$/v.test(bare))
    return false
  return [...new Intl.Segmenter().segment(bare)].length <= 3
}

const inline = (text: string): TextPiece[] =>
  split(text, CODE, ([, code = '']) => ({ kind: 'code', text: code }), linked)

const linked = (text: string): TextPiece[] => {
  const match = LINK.exec(text)
  const link = match && linkOf(match[0])
  if (!match || !link) return styled(text)
  const end = match.index + link.text.length
  return [...styled(text.slice(0, match.index)), link, ...linked(text.slice(end))]
}

const styled = (text: string): TextPiece[] =>
  split(
    text,
    STYLED,
    ([, mark = '*', within = '']) => ({ kind: STYLE[mark as keyof typeof STYLE], pieces: styled(within) }),
    plain,
  )

const plain = (text: string): TextPiece[] => [{ kind: 'text', text }]

function split(
  text: string,
  pattern: RegExp,
  piece: (match: RegExpExecArray) => TextPiece,
  rest: (text: string) => TextPiece[],
): TextPiece[] {
  if (text === '') return []
  const match = pattern.exec(text)
  if (!match) return rest(text)
  const before = text.slice(0, match.index)
  const after = text.slice(match.index + match[0].length)
  return [...(before === '' ? [] : rest(before)), piece(match), ...split(after, pattern, piece, rest)]
}

/** Only http and https, without the punctuation that ends the sentence around it. */
function linkOf(found: string): Extract<TextPiece, { kind: 'link' }> | null {
  let text = found.replace(/[.,;:!?…*_~]+$/, '')
  if (text.endsWith(')') && !text.includes('(')) text = text.slice(0, -1)
  try {
    const url = new URL(/^www\./i.test(text) ? `https://${text}` : text)
    return url.hostname.includes('.') ? { kind: 'link', text, href: url.href } : null
  } catch {
    return null
  }
}
