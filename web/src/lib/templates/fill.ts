import type { TemplateHeader as ShownHeader, TemplateContent } from '../../../../server/whatsapp/content.ts'
import type { OutgoingTemplate } from '../../../../server/whatsapp/outgoingContent.ts'
import { LIMITS } from '../inbox/limits.ts'
import { fileHeaderOf, type Template, type TemplateVariable } from './template.ts'

/** What has to be given for a template to be sent. `key` is what its words are kept under. */
export type Place = { key: string; label: string; example: string | null; variable: TemplateVariable }

export type Coordinates = { latitude: number; longitude: number }
/** What was given: words by the key of their place, the file and the location of the header. */
export type Given = {
  words: Readonly<Record<string, string>>
  file: { id: string; filename: string | null } | null
  location: Coordinates | null
}

const PLACE = /\{\{\s*(\w+)\s*\}\}/g
/** WhatsApp takes no line breaks, no tabs and at most four spaces in a row in what fills a place. */
const NOT_IN_A_PLACE = /[\n\r\t]| {5}/

/** The places of a template in the order in which they are read. */
export function placesOf({ header, body, buttons }: Template): Place[] {
  const headline = header?.format === 'text' && header.variable ? [header.variable] : []
  return [
    ...headline.map((variable) => place('header', 'Headline', variable)),
    ...body.variables.map((variable) => place(`body.${variable.name}`, labelOf(variable), variable)),
    ...buttons.flatMap(({ index, type, text, variable }) =>
      variable === null
        ? []
        : [
            place(
              `buttons.${index}`,
              type === 'COPY_CODE' ? 'Code to copy' : `End of the link “${text}”`,
              variable,
            ),
          ],
    ),
  ]
}

const place = (key: string, label: string, variable: TemplateVariable): Place => ({
  key,
  label,
  example: variable.example,
  variable,
})

/** `first_name` reads “First name”; a number stays one. */
function labelOf({ name }: TemplateVariable): string {
  if (/^\d+$/.test(name)) return `Variable ${name}`
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What is wrong with the words of one place; null: nothing, or nothing was written. */
export function wordsTrouble(words: string): string | null {
  if (!NOT_IN_A_PLACE.test(words)) return null
  return 'No line breaks, no tabs and no more than four spaces in a row: WhatsApp refuses them.'
}

/** The template as the customer will see it; a place that is not filled stands as it does in the template. */
export function previewOf(template: Template, given: Given): TemplateContent {
  const { id, name, language, category, body, footer, buttons } = template
  const values = (prefix: string) => (variable: string) =>
    given.words[prefix === 'body' ? `body.${variable}` : prefix]?.trim() ?? ''
  return {
    kind: 'template',
    templateId: id,
    name,
    language,
    category,
    header: shownHeader(template, given, values('header')),
    body: filled(body.text, values('body')),
    footer,
    buttons: buttons.map(({ index, type, text, value, variable }) => {
      const words = given.words[`buttons.${index}`]?.trim() ?? ''
      if (variable === null) return { type, text, value }
      if (type === 'COPY_CODE') return { type, text, value: words || null }
      return { type, text, value: filled(value ?? '', () => words) }
    }),
    filled: { header: null, body: [], buttons: [] },
  }
}

function shownHeader(
  { header }: Template,
  { file, location }: Given,
  value: (variable: string) => string,
): ShownHeader | null {
  if (!header) return null
  if (header.format === 'text') return { format: 'text', text: filled(header.text, value) }
  if (header.format === 'location')
    return { format: 'location', latitude: 0, longitude: 0, ...location, name: null, address: null }
  return { format: header.format, fileId: file?.id ?? '', filename: file?.filename ?? null }
}

/** What is still in the way of sending, in one sentence; null: nothing. */
export function missingOf(template: Template, given: Given): string | null {
  const places = placesOf(template)
  const isBad = places.some(({ key }) => wordsTrouble(given.words[key] ?? '') !== null)
  if (isBad) return 'Mend the marked places first.'
  const open = places.filter(({ key }) => !given.words[key]?.trim())
  const format = fileHeaderOf(template)
  if (format && !given.file) return FILE_MISSING[format]
  if (template.header?.format === 'location' && !given.location) return 'Give the place for its head.'
  if (open.length > 0)
    return open.length === 1 ? `Fill in “${open[0]?.label}”.` : `Fill in the ${open.length} open places.`
  return lengthTrouble(template, previewOf(template, given))
}

const FILE_MISSING = {
  image: 'Choose the picture for its head.',
  video: 'Choose the video for its head.',
  document: 'Choose the document for its head.',
}

function lengthTrouble(template: Template, { header, body }: TemplateContent): string | null {
  const isAlone = !template.header && !template.footer && template.buttons.length === 0
  const most = isAlone ? LIMITS.templateBodyAloneLength : LIMITS.templateBodyLength
  if (body.length > most) return `Filled in, the text has ${body.length} characters; WhatsApp takes ${most}.`
  if (header?.format === 'text' && header.text.length > LIMITS.headerLength)
    return `Filled in, the headline has ${header.text.length} characters; WhatsApp takes ${LIMITS.headerLength}.`
  return null
}

/** What `messages.send` gets. */
export function sendableTemplate(template: Template, given: Given): OutgoingTemplate {
  const words = (key: string) => given.words[key]?.trim() ?? ''
  const { header } = template
  const text = header?.format === 'text' && header.variable ? { text: words('header') } : null
  const head = text ?? (given.file ? { fileId: given.file.id } : given.location)
  const buttons = template.buttons
    .filter(({ variable }) => variable !== null)
    .map(({ index }) => ({ index, value: words(`buttons.${index}`) }))
  return {
    kind: 'template',
    templateId: template.id,
    ...(head && { header: head }),
    body: Object.fromEntries(template.body.variables.map(({ name }) => [name, words(`body.${name}`)])),
    ...(buttons.length > 0 && { buttons }),
  }
}

function filled(text: string, value: (variable: string) => string): string {
  return text.replace(PLACE, (whole, variable: string) => value(variable) || whole)
}
