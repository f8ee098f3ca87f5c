import type { Json, JsonObject } from './content.ts'
import { isObject, listOf, objectOf, textOf } from './json.ts'

/** A message template, taken apart: what it says, and which of its places have to be filled. */
export type TemplateForm = {
  header: TemplateHeaderForm | null
  /** With its places as `{{1}}` or `{{first_name}}`. */
  body: { text: string; variables: TemplateVariable[] }
  footer: string | null
  buttons: TemplateButtonForm[]
  /** A part that Baton cannot fill, as Meta calls it; null: it can all be filled. */
  unknownPart: string | null
}

/** `name` is what stands between the braces; `example` is from whoever made the template. */
export type TemplateVariable = { name: string; example: string | null }

export type TemplateHeaderForm =
  | { format: 'text'; text: string; variable: TemplateVariable | null }
  | { format: 'image' | 'video' | 'document' | 'location' }

export type TemplateButtonForm = {
  /** Its place among the buttons, which goes with its value. */
  index: number
  /** QUICK_REPLY, URL, PHONE_NUMBER, COPY_CODE … */
  type: string
  text: string
  /** Of a URL with its place, of a phone button the number. */
  value: string | null
  /** What has to be given for it: the end of a URL, the code to copy. */
  variable: TemplateVariable | null
}

const PLACE = /\{\{\s*(\w+)\s*\}\}/g
const FILLABLE_BUTTONS = new Set(['QUICK_REPLY', 'URL', 'PHONE_NUMBER', 'COPY_CODE', 'VOICE_CALL'])
const FILLABLE_PARTS = new Set(['HEADER', 'BODY', 'FOOTER', 'BUTTONS'])

/** Reads the components of a template as Meta gives them (shared facts §5). Never fails: what it does not know is named. */
export function templateForm(components: Json): TemplateForm {
  const parts = listOf(components).filter(isObject)
  const part = (type: string) => parts.find((one) => typeOf(one) === type)
  const header = part('HEADER')
  const body = part('BODY') ?? {}
  const bodyText = textOf(body.text) ?? ''
  const buttons = listOf(part('BUTTONS')?.buttons).map((button, index) => buttonForm(objectOf(button), index))
  const form = header ? headerForm(header) : null
  const unknownPart =
    parts.map(typeOf).find((type) => !FILLABLE_PARTS.has(type)) ??
    buttons.find(({ type }) => !FILLABLE_BUTTONS.has(type))?.type ??
    (header && form === null ? `${typeOf(header)} ${textOf(header.format) ?? ''}`.trim() : null)
  return {
    header: form,
    body: { text: bodyText, variables: variablesOf(bodyText, objectOf(body.example), 'body_text') },
    footer: textOf(part('FOOTER')?.text),
    buttons,
    unknownPart,
  }
}

/** The text with its places filled; a place without a value stays as it is. */
export function fillPlaces(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(PLACE, (place, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? '') : place,
  )
}

const typeOf = (part: JsonObject) => textOf(part.type)?.toUpperCase() ?? ''

function headerForm(header: JsonObject): TemplateHeaderForm | null {
  const format = textOf(header.format)?.toLowerCase() ?? 'text'
  if (format === 'text') {
    const text = textOf(header.text) ?? ''
    const [variable = null] = variablesOf(text, objectOf(header.example), 'header_text')
    return { format, text, variable }
  }
  const isKnown = format === 'image' || format === 'video' || format === 'document' || format === 'location'
  return isKnown ? { format } : null
}

/** Positional examples are lists (that of a body a list of lists), named ones `[{ param_name, example }]`. */
function variablesOf(
  text: string,
  example: JsonObject,
  key: 'body_text' | 'header_text',
): TemplateVariable[] {
  const names = [...new Set(Array.from(text.matchAll(PLACE), (match) => match[1] ?? ''))]
  const named = listOf(example[`${key}_named_params`]).map(objectOf)
  const positional = listOf(example[key]).flatMap((one) => (Array.isArray(one) ? one : [one]))
  const isPositional = names.every((name) => /^\d+$/.test(name))
  if (isPositional) names.sort((a, b) => Number(a) - Number(b))
  return names.map((name) => {
    const given = isPositional
      ? positional[Number(name) - 1]
      : named.find((one) => textOf(one.param_name) === name)?.example
    return { name, example: textOf(given) }
  })
}

function buttonForm(button: JsonObject, index: number): TemplateButtonForm {
  const type = typeOf(button)
  const value = textOf(button.url) ?? textOf(button.phone_number)
  const [example] = Array.isArray(button.example) ? button.example : [button.example]
  const place = value === null ? null : (Array.from(value.matchAll(PLACE))[0]?.[1] ?? null)
  const name = type === 'COPY_CODE' ? 'code' : type === 'URL' ? place : null
  return {
    index,
    type,
    text: textOf(button.text) ?? (type === 'COPY_CODE' ? 'Copy offer code' : type),
    value,
    variable: name === null ? null : { name, example: exampleOf(type, value, textOf(example)) },
  }
}

/** The example of a link is the whole address; what has to be given is what follows its fixed part. */
function exampleOf(type: string, value: string | null, example: string | null): string | null {
  const fixed = type === 'URL' ? (value?.split('{{')[0] ?? '') : ''
  return example?.startsWith(fixed) ? example.slice(fixed.length) : example
}
