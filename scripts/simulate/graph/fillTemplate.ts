import type { Json, JsonObject } from '../entry.ts'
import { Refusal } from './refusal.ts'
import { templateNamed } from './templates.ts'

export interface FilledTemplate {
  header?: string
  body: string
  footer?: string
  buttons: { id: string; title: string }[]
}

/**
 * What the customer reads when the business sends this template.
 * Throws the refusal that WhatsApp answers with when the template is unknown or its parameters do not fit.
 */
export function fillTemplate(request: JsonObject): FilledTemplate {
  const name = String(request.name)
  const language = String(object(request.language).code)
  const template = templateNamed(name, language)
  if (template?.status !== 'APPROVED') {
    throw new Refusal(132001, `template name (${name}) does not exist in ${language}`)
  }
  const given = objects(request.components)
  const filled: FilledTemplate = { body: '', buttons: [] }
  for (const component of template.components) {
    const text = typeof component.text === 'string' ? component.text : ''
    if (component.type === 'HEADER') filled.header = fill('header', text, given)
    if (component.type === 'BODY') filled.body = fill('body', text, given)
    if (component.type === 'FOOTER') filled.footer = text
    if (component.type === 'BUTTONS') filled.buttons = quickReplies(component, given)
  }
  return filled
}

const placeholder = /\{\{(\w+)\}\}/g

function fill(part: string, text: string, given: JsonObject[]): string {
  const component = given.find((one) => String(one.type).toLowerCase() === part)
  const parameters = objects(component?.parameters)
  const expected = new Set(Array.from(text.matchAll(placeholder), (match) => match[1])).size
  if (parameters.length !== expected) {
    throw new Refusal(
      132000,
      `${part}: number of localizable_params (${parameters.length}) does not match the expected number of params (${expected})`,
    )
  }
  return text.replace(placeholder, (_, name: string) => {
    const parameter = /^\d+$/.test(name)
      ? parameters[Number(name) - 1]
      : parameters.find((one) => one.parameter_name === name)
    if (!parameter) throw new Refusal(132000, `${part}: parameter ${name} is missing`)
    return String(parameter.text ?? '')
  })
}

function quickReplies(component: JsonObject, given: JsonObject[]): { id: string; title: string }[] {
  return objects(component.buttons)
    .filter((button) => button.type === 'QUICK_REPLY')
    .map((button, index) => {
      const title = String(button.text)
      const own = given.find((one) => one.type === 'button' && String(one.index) === String(index))
      const payload = objects(own?.parameters)[0]?.payload
      return { id: typeof payload === 'string' ? payload : title, title }
    })
}

function object(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function objects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map(object) : []
}
