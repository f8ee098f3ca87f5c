/** A piece of a message's text. A tree, so that components draw elements and no text is ever taken for markup. */
export type TextPiece =
  | { kind: 'text'; text: string }
  | { kind: 'bold' | 'italic' | 'strike'; pieces: TextPiece[] }
  | { kind: 'code' | 'block'; text: string }
  | { kind: 'link'; text: string; href: string }
  /** Lines that quote, as `> ` at their beginning says, and the lines of a list. */
  | { kind: 'quote'; pieces: TextPiece[] }
  | { kind: 'bullets' | 'numbers'; items: ListItem[] }
/** `number`: as it was written; null: a point. */
export type ListItem = { number: string | null; pieces: TextPiece[] }

const STYLE = { '*': 'bold', _: 'italic', '~': 'strike' } as const
const BLOCK = /```([\s\S]+?)```/
const CODE = /`([^`\n]+)`/
const LINK = /(?:https?:\/\/|www\.)[^\s<>"'`]+/i
/** A mark opens after a space or punctuation and before a character, and closes the other way round, on the same line. */
const STYLED = /(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u

/** WhatsApp's formatting: *bold*, _italic_, ~strike~, `code`, ```block```, links, lists and quotes. */
export function parseWhatsAppText(text: string): TextPiece[] {
  return split(
    text,
    BLOCK,
    ([, code = '']) => ({ kind: 'block', text: code.replace(/^\n|\n$/g, '') }),
    paragraphs,
  )
}

/** What begins a line of each kind, as WhatsApp has it: one space behind the mark, and something behind that. */
const LINES = [
  { kind: 'quote', mark: /^> (?=\S)/ },
  { kind: 'bullets', mark: /^[*-] (?=\S)/ },
  { kind: 'numbers', mark: /^(\d{1,3})\. (?=\S)/ },
] as const
type LineKind = (typeof LINES)[number]['kind'] | 'plain'

/** Lines of one kind that follow each other stand together, as a list or a quote does. */
function paragraphs(text: string): TextPiece[] {
  const groups: { kind: LineKind; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const kind = LINES.find(({ mark }) => mark.test(line))?.kind ?? 'plain'
    const last = groups.at(-1)
    if (last?.kind === kind) last.lines.push(line)
    else groups.push({ kind, lines: [line] })
  }
  return groups.flatMap(({ kind, lines }) => paragraph(kind, lines))
}

function paragraph(kind: LineKind, lines: readonly string[]): TextPiece[] {
  const bare = lines.map((line) => line.replace(LINES.find((one) => one.kind === kind)?.mark ?? '', ''))
  if (kind === 'plain') return inline(lines.join('\n'))
  if (kind === 'quote') return [{ kind, pieces: inline(bare.join('\n')) }]
  const numberOf = (index: number) => /^\d+/.exec(lines[index] ?? '')?.[0] ?? null
  return [{ kind, items: bare.map((line, index) => ({ number: numberOf(index), pieces: inline(line) })) }]
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
