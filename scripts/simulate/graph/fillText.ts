import type { JsonObject } from '../entry.ts'
import { objectsOf } from '../json.ts'
import { Refusal } from './refusal.ts'

const placeholder = /\{\{(\w+)\}\}/g

/** The text of one part of a template with its variables put in, positional or named. */
export function fillText(part: 'header' | 'body', text: string, given: JsonObject[]): string {
  const component = given.find((one) => String(one.type).toLowerCase() === part)
  return putIn(part, text, objectsOf(component?.parameters))
}

/** Puts these parameters into the text, or says in Meta's words what does not fit. */
export function putIn(part: string, text: string, parameters: JsonObject[]): string {
  const expected = new Set(Array.from(text.matchAll(placeholder), (match) => match[1])).size
  if (parameters.length !== expected) {
    throw new Refusal(132000, {
      details:
        `${part}: number of localizable_params (${parameters.length}) ` +
        `does not match the expected number of params (${expected})`,
    })
  }
  return text.replace(placeholder, (_, name: string) => {
    const parameter = /^\d+$/.test(name)
      ? parameters[Number(name) - 1]
      : parameters.find((one) => one.parameter_name === name)
    if (!parameter)
      throw new Refusal(132012, { details: `${part}: Parameter name is missing or wrong: ${name}` })
    return textOf(part, parameter)
  })
}

function textOf(part: string, parameter: JsonObject): string {
  const { type = 'text', text } = parameter
  if (type !== 'text') {
    throw new Refusal(132012, {
      details: `${part}: Format mismatch, expected TEXT, received ${String(type)}`,
    })
  }
  if (typeof text !== 'string' || text === '') {
    throw new Refusal(131008, { details: `${part}: Parameter of type text is missing text value` })
  }
  if (/[\n\t]| {5}/.test(text)) {
    throw new Refusal(132008, {
      details: `${part}: Param text cannot have new-line/tab characters or more than 4 consecutive spaces`,
    })
  }
  return text
}
