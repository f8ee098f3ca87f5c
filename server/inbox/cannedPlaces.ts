/** Of whom and by whom a canned reply is filled. */
export type CannedFor = {
  contact: { name: string | null; phone: string | null }
  agent: { name: string }
}

/** What may stand between double braces, and what it is filled with; null when we do not know it. */
const PLACES: Record<string, (given: CannedFor) => string | null> = {
  'contact.name': ({ contact }) => contact.name,
  'contact.first_name': ({ contact }) => firstWord(contact.name),
  'contact.phone': ({ contact }) => contact.phone,
  'agent.name': ({ agent }) => agent.name,
  'agent.first_name': ({ agent }) => firstWord(agent.name),
}

export const CANNED_PLACES: readonly string[] = Object.keys(PLACES)

const PLACE = /\{\{\s*([\w.]+)\s*\}\}/g

/** The places of a text that nothing fills. */
export function unknownPlaces(body: string): string[] {
  const named = [...body.matchAll(PLACE)].map(([, name = '']) => name)
  return [...new Set(named)].filter((name) => !Object.hasOwn(PLACES, name))
}

/** The text with its places filled. What we do not know stays empty and is named in `missing`: somebody has to read it before it goes out. */
export function fillCanned(body: string, given: CannedFor): { text: string; missing: string[] } {
  const missing = new Set<string>()
  const text = body.replace(PLACE, (place, name: string) => {
    const fill = Object.hasOwn(PLACES, name) ? PLACES[name] : undefined
    if (!fill) return place
    const words = fill(given)
    if (words === null) missing.add(name)
    return words ?? ''
  })
  return { text, missing: [...missing] }
}

const firstWord = (name: string | null) => name?.trim().split(/\s+/)[0] ?? null
