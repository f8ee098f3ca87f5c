import type { FilledPlace, JsonObject, TemplateContent } from './content.ts'

/** A template as the Cloud API takes it: only the parts that have places to be filled. `file`: Meta's id of the header's file. */
export function templatePayload(content: TemplateContent, file: string | null): JsonObject {
  const { name, language, filled } = content
  const header = headerParameter(content, file)
  const components: JsonObject[] = [
    ...(header === null ? [] : [{ type: 'header', parameters: [header] }]),
    ...(filled.body.length === 0 ? [] : [{ type: 'body', parameters: filled.body.map(textParameter) }]),
    ...filled.buttons.map(({ index, type, value }) => ({
      type: 'button',
      sub_type: type,
      index: String(index),
      parameters: [BUTTON_PARAMETERS[type](value)],
    })),
  ]
  return {
    type: 'template',
    template: { name, language: { code: language }, ...(components.length > 0 && { components }) },
  }
}

const BUTTON_PARAMETERS = {
  url: (text: string): JsonObject => ({ type: 'text', text }),
  quick_reply: (payload: string): JsonObject => ({ type: 'payload', payload }),
  copy_code: (code: string): JsonObject => ({ type: 'coupon_code', coupon_code: code }),
}

function textParameter({ name, text }: FilledPlace): JsonObject {
  return { type: 'text', ...(name !== null && { parameter_name: name }), text }
}

function headerParameter({ header, filled }: TemplateContent, file: string | null): JsonObject | null {
  if (header === null) return null
  if (header.format === 'text') return filled.header && textParameter(filled.header)
  if (header.format === 'location') {
    const { latitude, longitude, name, address } = header
    const place = {
      latitude: String(latitude),
      longitude: String(longitude),
      name: name ?? '',
      address: address ?? '',
    }
    return { type: 'location', location: place }
  }
  if (file === null) throw new Error('The file at the head of a template was not uploaded to WhatsApp')
  const named = header.format === 'document' && header.filename !== null
  return {
    type: header.format,
    [header.format]: { id: file, ...(named && { filename: header.filename }) },
  }
}
