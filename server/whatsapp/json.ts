import type { Json, JsonObject } from './content.ts'

/**
 * Readers for JSON that others wrote: each answers with what is there, in the type asked for, or with nothing. Meta's own
 * examples have strings where the text says number, null where it says object, and keys that come and go.
 */

/** The value as an object; an empty one when it is not. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as a list; an empty one when it is not. */
export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

/** A non-empty string, also from a number; null otherwise. */
export function textOf(value: Json | undefined): string | null {
  if (typeof value === 'string') return value === '' ? null : value
  return typeof value === 'number' ? String(value) : null
}

/** A finite number, also from a string of digits; null otherwise. */
export function numberOf(value: Json | undefined): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

/** Characters that Postgres keeps in neither text nor parsed JSON: NUL, and halves of surrogate pairs. */
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f])/i

/**
 * Parses a body. Strings come out storable: NUL and lone surrogates become U+FFFD, as a browser would show them.
 *
 * @throws SyntaxError when it is not JSON
 */
export function parseJson(text: string): Json {
  if (!SUSPECT_ESCAPE.test(text) && !text.includes('\u0000')) return JSON.parse(text)
  return storable(JSON.parse(text))
}

function storable(value: Json): Json {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\u0000', '\ufffd')
  if (Array.isArray(value)) return value.map(storable)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [String(storable(key)), storable(inner)]),
  )
}
