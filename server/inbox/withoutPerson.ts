/**
 * A delivery without what is about a person, as far as it stands beside the item at `path`: the elements of lists that name them
 * become null, so that every path stays what it was. Null: they cannot be told apart.
 */
export function withoutPerson(raw: string, path: string, isAbout: (text: string) => boolean): string | null {
  let body: unknown
  try {
    body = JSON.parse(raw)
  } catch {
    return null
  }
  const rest = JSON.stringify(cut(body, '', path, isAbout))
  return isAbout(rest) ? null : rest
}

function cut(value: unknown, at: string, path: string, isAbout: (text: string) => boolean): unknown {
  if (typeof value !== 'object' || value === null || !isAbout(JSON.stringify(value))) return value
  if (Array.isArray(value))
    return value.map((element, index) => {
      const place = `${at}[${index}]`
      const holdsItem = path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`)
      if (holdsItem) return cut(element, place, path, isAbout)
      return isAbout(JSON.stringify(element)) ? null : element
    })
  const entries = Object.entries(value).map(([name, inner]) => {
    return [name, cut(inner, at === '' ? name : `${at}.${name}`, path, isAbout)]
  })
  return Object.fromEntries(entries)
}
