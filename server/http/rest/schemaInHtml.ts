import { isSchema, type Schema } from './operation.ts'

const REF = '#/components/schemas/'

/** A JSON Schema as a developer would write the type, in HTML: named types are links to where they are spelled out. */
export function schemaInHtml(schema: Schema, depth = 0): string {
  if (typeof schema.$ref === 'string') return link(schema.$ref.replace(REF, ''))
  if (Array.isArray(schema.enum)) return schema.enum.map(literal).join(' | ')
  if ('const' in schema) return literal(schema.const)
  const choices = schema.anyOf ?? schema.oneOf
  if (Array.isArray(choices)) return union(choices.filter(isSchema), depth)
  if (Array.isArray(schema.allOf))
    return schema.allOf
      .filter(isSchema)
      .map((one) => schemaInHtml(one, depth))
      .join(' & ')
  const types = Array.isArray(schema.type) ? schema.type : [schema.type]
  return types.map((type) => plain(type, schema, depth)).join(' | ')
}

/** Text that may stand in HTML, between tags and in quotes. */
export function escaped(text: unknown): string {
  return String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** Prose with `code` in it. */
export function prose(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, '<code>$1</code>')
}

function plain(type: unknown, schema: Schema, depth: number): string {
  if (type === 'object') return object(schema, depth)
  if (type === 'array') return list(isSchema(schema.items) ? schemaInHtml(schema.items, depth) : 'unknown')
  if (type === undefined) return 'unknown'
  return `<i>${escaped(type)}</i>`
}

function object(schema: Schema, depth: number): string {
  const required = Array.isArray(schema.required) ? schema.required : []
  const indent = '  '.repeat(depth + 1)
  const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : []
  const lines = properties.map(([name, value]) => {
    const of = isSchema(value) ? value : {}
    const type = schemaInHtml(of, depth + 1)
    const mark = required.includes(name) ? '' : '?'
    return `${indent}<b>${escaped(name)}</b>${mark}: ${type}${limits(of)}${comment(of)}`
  })
  if (isSchema(schema.additionalProperties) && lines.length === 0) {
    return `Record&lt;string, ${schemaInHtml(schema.additionalProperties, depth)}&gt;`
  }
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`
}

/** What the type alone does not say. */
function limits({ minimum, maximum, minLength, maxLength, default: byDefault, format }: Schema): string {
  const said = [
    typeof minimum === 'number' && `from ${minimum}`,
    typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER && `to ${maximum}`,
    typeof minLength === 'number' && `at least ${minLength} long`,
    typeof maxLength === 'number' && `at most ${maxLength} long`,
    typeof format === 'string' && format,
    byDefault !== undefined && `else ${JSON.stringify(byDefault)}`,
  ].filter((one) => typeof one === 'string')
  return said.length === 0 ? '' : ` <s>${escaped(said.join(', '))}</s>`
}

const comment = ({ description }: Schema) =>
  typeof description === 'string' ? ` <u>// ${escaped(description.replaceAll(/\s+/g, ' '))}</u>` : ''

const union = (members: Schema[], depth: number) =>
  members
    .map((one) => schemaInHtml(one, depth))
    .join(members.length > 2 ? `\n${'  '.repeat(depth + 1)}| ` : ' | ')

const list = (item: string) => (/^[\w<>/=" #&;-]+$/.test(item) ? `${item}[]` : `(${item})[]`)
const literal = (value: unknown) => `<q>${escaped(JSON.stringify(value))}</q>`
const link = (name: string) => `<a href="#type-${escaped(name)}">${escaped(name)}</a>`
