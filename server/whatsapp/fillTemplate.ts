import type { FilledPlace, TemplateButton, TemplateContent, TemplateHeader } from './content.ts'
import { LIMITS } from './limits.ts'
import type { OutgoingTemplate, TemplateHeaderInput } from './outgoingContent.ts'
import {
  fillPlaces,
  type TemplateButtonForm,
  type TemplateForm,
  type TemplateHeaderForm,
  type TemplateVariable,
} from './templateForm.ts'

export type Template = {
  id: string
  name: string
  language: string
  category: string
  parameterFormat: 'positional' | 'named'
  form: TemplateForm
}

/** What keeps a template from being sent as it was filled in: which place, and what is wrong with it. */
export type FillProblem = {
  problem: 'missing_variable' | 'wrong_header' | 'line_breaks' | 'too_long'
  /** `header`, `body.<variable>` or `buttons.<index>`. */
  field: string
  limit: number | null
  actual: number | null
  sentence: string
}

/** Thrown and caught in here only, so that the checks read from top to bottom. */
class Unfit extends Error {
  constructor(readonly what: FillProblem) {
    super(what.sentence)
  }
}

/**
 * A template with its places filled: what the customer will see and what WhatsApp gets, or what is wrong. `file` is that of
 * the header, when one was given and found.
 */
export function fillTemplate(
  template: Template,
  input: OutgoingTemplate,
  file: { id: string; kind: string; filename: string | null } | null,
): { content: TemplateContent } | { problem: FillProblem } {
  const { id, name, language, category, parameterFormat, form } = template
  const placeName = ({ name: variable }: TemplateVariable) => (parameterFormat === 'named' ? variable : null)
  try {
    const { header, place } = fillHeader(form.header, input.header ?? {}, file)
    const values = form.body.variables.map((variable) => ({
      variable,
      text: wordsFor(`body.${variable.name}`, variable, input.body[variable.name]),
    }))
    const body = fillPlaces(
      form.body.text,
      Object.fromEntries(values.map(({ variable, text }) => [variable.name, text])),
    )
    const isAlone = form.header === null && form.footer === null && form.buttons.length === 0
    checkLength('body', body, isAlone ? LIMITS.templateBodyAloneLength : LIMITS.templateBodyLength)
    const buttons = form.buttons.map((button) => fillButton(button, input.buttons ?? []))
    const filledHeader: FilledPlace | null =
      place === null ? null : { name: placeName(place.variable), text: place.text }
    return {
      content: {
        kind: 'template',
        templateId: id,
        name,
        language,
        category,
        header,
        body,
        footer: form.footer,
        buttons: buttons.map(({ shown }) => shown),
        filled: {
          header: filledHeader,
          body: values.map(({ variable, text }) => ({ name: placeName(variable), text })),
          buttons: buttons.flatMap(({ sent }) => sent ?? []),
        },
      },
    }
  } catch (error) {
    if (error instanceof Unfit) return { problem: error.what }
    throw error
  }
}

type Place = { variable: TemplateVariable; text: string }

function fillHeader(
  form: TemplateHeaderForm | null,
  input: TemplateHeaderInput,
  file: { id: string; kind: string; filename: string | null } | null,
): { header: TemplateHeader | null; place: Place | null } {
  if (form === null) return { header: null, place: null }
  if (form.format === 'text') {
    if (form.variable === null) return { header: { format: 'text', text: form.text }, place: null }
    const text = wordsFor('header', form.variable, input.text)
    const filled = fillPlaces(form.text, { [form.variable.name]: text })
    checkLength('header', filled, LIMITS.headerLength)
    return { header: { format: 'text', text: filled }, place: { variable: form.variable, text } }
  }
  if (form.format === 'location') {
    const { latitude, longitude, name = null, address = null } = input
    if (latitude === undefined || longitude === undefined) throw wrongHeader('a place')
    return { header: { format: 'location', latitude, longitude, name, address }, place: null }
  }
  if (file?.kind !== form.format) throw wrongHeader(FILE_NAMES[form.format])
  const header = { format: form.format, fileId: file.id, filename: file.filename }
  return { header, place: null }
}

const FILE_NAMES = { image: 'a picture', video: 'a video', document: 'a document' } as const

function fillButton(
  { index, type, text, value, variable }: TemplateButtonForm,
  given: { index: number; value: string }[],
): { shown: TemplateButton; sent: TemplateContent['filled']['buttons'][number] | null } {
  const own = given.find((one) => one.index === index)?.value
  if (variable === null) {
    const isReply = type === 'QUICK_REPLY' && own !== undefined && own !== ''
    const sent = isReply ? { index, type: 'quick_reply' as const, value: own } : null
    return { shown: { type, text, value }, sent }
  }
  const words = wordsFor(`buttons.${index}`, variable, own)
  if (type === 'COPY_CODE') {
    return { shown: { type, text, value: words }, sent: { index, type: 'copy_code', value: words } }
  }
  const url = fillPlaces(value ?? '', { [variable.name]: words })
  return { shown: { type, text, value: url }, sent: { index, type: 'url', value: words } }
}

/** WhatsApp takes no line breaks, no tabs and at most four spaces in a row in what fills a place. */
const NOT_IN_A_PLACE = /[\n\r\t]| {5}/

function wordsFor(field: string, { name }: TemplateVariable, given: string | undefined): string {
  const text = given?.trim() ?? ''
  if (text === '') {
    const sentence = `“${name}” has to be filled in before this template can be sent.`
    throw new Unfit({ problem: 'missing_variable', field, limit: null, actual: 0, sentence })
  }
  if (NOT_IN_A_PLACE.test(text)) {
    const sentence = `“${name}” may have no line breaks, no tabs and no more than four spaces in a row.`
    throw new Unfit({ problem: 'line_breaks', field, limit: null, actual: null, sentence })
  }
  return text
}

function checkLength(field: string, text: string, limit: number): void {
  if (text.length <= limit) return
  const sentence = `With its places filled, the ${field} has ${text.length} characters; WhatsApp takes ${limit}.`
  throw new Unfit({ problem: 'too_long', field, limit, actual: text.length, sentence })
}

function wrongHeader(what: string): Unfit {
  const sentence = `This template needs ${what} at its head.`
  return new Unfit({ problem: 'wrong_header', field: 'header', limit: null, actual: null, sentence })
}
