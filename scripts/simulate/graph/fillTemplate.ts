import type { JsonObject, TemplateCategory } from '../entry.ts'
import { isObject, objectOf, objectsOf } from '../json.ts'
import { type Template, templateNamed } from '../templates.ts'
import { fillText } from './fillText.ts'
import type { MediaKind } from './mediaRules.ts'
import { Refusal } from './refusal.ts'
import { type FilledButton, fillButtons } from './templateButtons.ts'

export interface FilledTemplate {
  header?: string
  /** The file or the place above the text. */
  media?: { kind: MediaKind; file: JsonObject }
  location?: JsonObject
  body: string
  footer?: string
  buttons: FilledButton[]
}

/**
 * What the customer reads when the business sends this template.
 * Throws the refusal that WhatsApp answers with when the template cannot be sent or its parameters do not fit.
 */
export function fillTemplate(
  request: JsonObject,
  templates: Iterable<Template>,
): { filled: FilledTemplate; category: TemplateCategory } {
  const template = sendable(request, templates)
  const given = objectsOf(request.components)
  const filled: FilledTemplate = { body: '', buttons: [] }
  for (const component of template.components) {
    if (component.type === 'HEADER') Object.assign(filled, fillHeader(component, given))
    if (component.type === 'BODY') filled.body = fillText('body', String(component.text), given)
    if (component.type === 'FOOTER') filled.footer = String(component.text)
    if (component.type === 'BUTTONS') filled.buttons = fillButtons(component, given)
  }
  if (filled.body.length > 1024) {
    throw new Refusal(132005, { details: 'Translated text too long: body, at most 1024 characters.' })
  }
  return { filled, category: template.category }
}

const refusalOf: Partial<Record<Template['status'], number>> = { PAUSED: 132015, DISABLED: 132016 }

function sendable(request: JsonObject, templates: Iterable<Template>): Template {
  const name = String(request.name)
  const language = String(objectOf(request.language).code)
  const template = templateNamed(templates, name, language)
  if (template?.status === 'APPROVED') return template
  const code = template && refusalOf[template.status]
  if (code) throw new Refusal(code)
  throw new Refusal(132001, { details: `template name (${name}) does not exist in ${language}` })
}

function fillHeader(component: JsonObject, given: JsonObject[]): Partial<FilledTemplate> {
  const format = String(component.format)
  if (format === 'TEXT') return { header: fillText('header', String(component.text), given) }
  const own = given.find((one) => String(one.type).toLowerCase() === 'header')
  const parameter = objectsOf(own?.parameters)[0]
  if (!parameter) throw mismatch(format, 'UNKNOWN')
  const kind = format.toLowerCase()
  const value = parameter[kind]
  if (parameter.type !== kind || !isObject(value))
    throw mismatch(format, String(parameter.type).toUpperCase())
  if (kind === 'location') return { location: value }
  if (kind !== 'image' && kind !== 'video' && kind !== 'document') return {}
  if (typeof value.id !== 'string' && typeof value.link !== 'string') {
    throw new Refusal(131008, { details: `header: ${kind} needs id or link` })
  }
  return { media: { kind, file: value } }
}

function mismatch(expected: string, received: string): Refusal {
  return new Refusal(132012, {
    details: `header: Format mismatch, expected ${expected}, received ${received}`,
  })
}
