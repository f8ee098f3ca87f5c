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

/** A place that stayed empty: what belongs there, and where in the text that is. */
export type CannedGap = { place: string; at: number }

/**
 * The text with its places filled. What we do not know stays empty and is named in `missing`, with its `gaps`: somebody has to
 * write it before it goes out.
 */
export function fillCanned(
  body: string,
  given: CannedFor,
): { text: string; missing: string[]; gaps: CannedGap[] } {
  const gaps: CannedGap[] = []
  let [text, from] = ['', 0]
  for (const match of body.matchAll(PLACE)) {
    const [whole, place = ''] = match
    const fill = Object.hasOwn(PLACES, place) ? PLACES[place] : undefined
    const words = fill ? fill(given) : whole
    text += body.slice(from, match.index)
    if (words === null) gaps.push({ place, at: text.length })
    text += words ?? ''
    from = match.index + whole.length
  }
  return {
    text: text + body.slice(from),
    missing: [...new Set(gaps.map(({ place }) => place))],
    gaps,
  }
}

const firstWord = (name: string | null) => name?.trim().split(/\s+/)[0] ?? null
