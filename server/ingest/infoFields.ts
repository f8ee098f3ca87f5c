/** One element of an XINFO reply by name: Redis answers with names and values in turn, or with a map under RESP3. */
export function infoFields(element: unknown): Record<string, unknown> {
  if (!Array.isArray(element)) return typeof element === 'object' && element !== null ? { ...element } : {}
  const fields: Record<string, unknown> = {}
  for (let at = 0; at + 1 < element.length; at += 2) fields[String(element[at])] = element[at + 1]
  return fields
}
