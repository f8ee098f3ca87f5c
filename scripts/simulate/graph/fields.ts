import type { JsonObject } from '../entry.ts'

/** What `?fields=a,b` leaves of an object; the id always stays, as in every answer of the Graph API. */
export function chooseFields(whole: JsonObject, fields: string | null): JsonObject {
  if (fields === null || fields.trim() === '') return whole
  // `quality_score{score}` asks for a part of a part; the simulator gives the whole part.
  const wanted = new Set(
    fields
      .replace(/\{[^}]*\}|\([^)]*\)/g, '')
      .split(',')
      .map((name) => name.trim()),
  )
  wanted.add('id')
  return Object.fromEntries(Object.entries(whole).filter(([name]) => wanted.has(name)))
}
