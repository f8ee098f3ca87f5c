import { LIMITS } from './limits.ts'
import type { OutgoingContent } from './outgoingContent.ts'

/** A limit of WhatsApp that a message breaks. `field` is the path in the content, such as `buttons.0.title`. */
export type Breach = {
  field: string
  problem: 'missing' | 'too_long' | 'too_many' | 'repeated' | 'not_a_link' | 'not_possible'
  limit: number | null
  actual: number | null
  /** For people. */
  sentence: string
}

/** The first limit of WhatsApp that what an agent wants to send breaks; null: none. What a file or a template is, is not asked here. */
export function breachOf(content: OutgoingContent): Breach | null {
  const check: (content: never) => Iterable<Breach | null> = CHECKS[content.kind]
  for (const breach of check(content as never)) if (breach) return breach
  return null
}

type Content<K extends OutgoingContent['kind']> = Extract<OutgoingContent, { kind: K }>
type Check<Checked> = (content: Checked) => Iterable<Breach | null>

const CHECKS: { [K in OutgoingContent['kind']]: Check<Content<K>> } = {
  *text({ text }) {
    yield words('text', 'text', text, LIMITS.textLength)
  },
  image: file,
  video: file,
  document: file,
  audio: fileWithoutCaption,
  sticker: fileWithoutCaption,
  *location() {},
  *contacts({ cards }) {
    yield count('cards', 'contact card', cards.length, LIMITS.mostCards)
    for (const [index, { name }] of cards.entries())
      yield missing(`cards.${index}.name`, 'name of a contact', name)
  },
  *buttons({ buttons, ...frame }) {
    yield* framed(frame, LIMITS.interactiveTextLength)
    yield count('buttons', 'button', buttons.length, LIMITS.mostButtons)
    for (const [index, { id, title }] of buttons.entries()) {
      yield words(`buttons.${index}.title`, 'title of a button', title, LIMITS.buttonTitleLength)
      yield words(`buttons.${index}.id`, 'id of a button', id, LIMITS.buttonIdLength)
    }
    yield repeated('buttons', 'title', buttons)
    yield repeated('buttons', 'id', buttons)
  },
  *list({ button, sections, ...frame }) {
    yield* framed(frame, LIMITS.listTextLength)
    yield words('button', 'text of the button', button, LIMITS.listButtonLength)
    yield count('sections', 'section', sections.length, LIMITS.mostSections)
    const rows = sections.flatMap((section) => section.rows)
    yield count('sections', 'row', rows.length, LIMITS.mostRows)
    for (const [index, { title, rows }] of sections.entries()) {
      const field = `sections.${index}`
      if (sections.length > 1) yield missing(`${field}.title`, 'title of a section', title)
      yield tooLong(`${field}.title`, 'title of a section', title, LIMITS.sectionTitleLength)
      for (const [place, row] of rows.entries()) yield* listRow(`${field}.rows.${place}`, row)
      if (rows.length === 0) yield count(`${field}.rows`, 'row', 0, LIMITS.mostRows)
    }
    yield repeated('sections', 'id', rows)
  },
  *cta_url({ title, url, ...frame }) {
    yield* framed(frame, LIMITS.interactiveTextLength)
    yield words('title', 'text of the button', title, LIMITS.urlTitleLength)
    yield words('url', 'link', url, LIMITS.urlLength)
    if (!isLink(url)) yield { ...NO_LINK, field: 'url' }
  },
  *location_request({ text }) {
    yield words('text', 'text', text, LIMITS.interactiveTextLength)
  },
  // What it needs stands in the template: see `fillTemplate`.
  *template() {},
}

type Files = Content<'image' | 'video' | 'audio' | 'document' | 'sticker'>

function* file({ caption }: Files) {
  yield tooLong('caption', 'caption', caption, LIMITS.captionLength)
}

function* fileWithoutCaption({ kind, caption }: Files): Iterable<Breach | null> {
  if (!caption) return
  const sentence = `WhatsApp shows no caption with ${kind === 'audio' ? 'audio' : 'a sticker'}. Send the words on their own.`
  yield { field: 'caption', problem: 'not_possible', limit: 0, actual: caption.length, sentence }
}

type Frame = { text: string; header?: string | undefined; footer?: string | undefined }

function* framed({ text, header, footer }: Frame, textLength: number) {
  yield words('text', 'text', text, textLength)
  yield tooLong('header', 'header', header, LIMITS.headerLength)
  yield tooLong('footer', 'footer', footer, LIMITS.footerLength)
}

type Row = Content<'list'>['sections'][number]['rows'][number]

function* listRow(field: string, { id, title, description }: Row) {
  yield words(`${field}.title`, 'title of a row', title, LIMITS.rowTitleLength)
  yield words(`${field}.id`, 'id of a row', id, LIMITS.rowIdLength)
  yield tooLong(`${field}.description`, 'description of a row', description, LIMITS.rowDescriptionLength)
}

const words = (field: string, name: string, text: string, limit: number) =>
  missing(field, name, text) ?? tooLong(field, name, text, limit)

function missing(field: string, name: string, text: string): Breach | null {
  if (text.trim() !== '') return null
  return { field, problem: 'missing', limit: null, actual: 0, sentence: `The ${name} is missing.` }
}

function tooLong(field: string, name: string, text: string | undefined, limit: number): Breach | null {
  const actual = text?.length ?? 0
  if (actual <= limit) return null
  const sentence = `WhatsApp takes up to ${limit} characters for the ${name}; this one has ${actual}.`
  return { field, problem: 'too_long', limit, actual, sentence }
}

function count(field: string, name: string, actual: number, limit: number): Breach | null {
  if (actual === 0) return { field, problem: 'missing', limit, actual, sentence: `Add at least one ${name}.` }
  if (actual <= limit) return null
  const sentence = `WhatsApp takes up to ${limit} ${name}s; these are ${actual}.`
  return { field, problem: 'too_many', limit, actual, sentence }
}

function repeated<Key extends string>(field: string, key: Key, all: Record<Key, string>[]): Breach | null {
  const distinct = new Set(all.map((one) => one[key])).size
  if (distinct === all.length) return null
  const sentence = `Each ${key} may stand there only once, so that the answer can be told apart.`
  return { field, problem: 'repeated', limit: 1, actual: all.length - distinct + 1, sentence }
}

const NO_LINK = {
  problem: 'not_a_link',
  limit: null,
  actual: null,
  sentence: 'The link has to be a whole address, beginning with https:// or http://.',
} as const

function isLink(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url)
}
