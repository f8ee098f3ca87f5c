import type { Json, JsonObject } from '../entry.ts'
import type { Template } from '../templates.ts'
import { chooseFields } from './fields.ts'

const defaultLimit = 25
const highestLimit = 250

/** `GET /{WABA_ID}/message_templates`: one page of the list; a cursor is the position after which the page starts. */
export function listTemplates(url: URL, templates: Iterable<Template>): JsonObject {
  const asked = url.searchParams
  const limit = Math.max(
    1,
    Math.min(Number(asked.get('limit') ?? defaultLimit) || defaultLimit, highestLimit),
  )
  const after = Number(Buffer.from(asked.get('after') ?? '', 'base64url').toString()) || 0
  const wanted = [...templates].filter((one) => isWanted(one, asked))
  const page = wanted.slice(after, after + limit)
  const end = after + page.length
  const cursors = { before: cursor(after), after: cursor(end) }
  const rows = page.map((one): Json => chooseFields(describe(one), asked.get('fields')))
  if (end >= wanted.length) return { data: rows, ...(page.length > 0 ? { paging: { cursors } } : {}) }
  const next = new URL(url)
  next.searchParams.set('after', cursor(end))
  return { data: rows, paging: { cursors, next: next.href } }
}

/** One template, as `GET /{template_id}` and the list describe it. */
export function describe({ quality, ...template }: Template): JsonObject {
  return { ...template, quality_score: { score: quality, date: 1_785_000_000 } }
}

function isWanted(template: Template, asked: URLSearchParams): boolean {
  const name = asked.get('name')
  const words = asked.get('name_or_content')?.toLowerCase()
  const matches = (key: 'status' | 'language' | 'category') => {
    const value = asked.get(key)
    return value === null || value === template[key]
  }
  if (!matches('status') || !matches('language') || !matches('category')) return false
  if (name !== null && !template.name.includes(name)) return false
  return words === undefined || JSON.stringify(template).toLowerCase().includes(words)
}

function cursor(position: number): string {
  return Buffer.from(String(position)).toString('base64url')
}
