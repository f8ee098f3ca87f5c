/** What may stand between double braces in a canned reply, as it is offered and shown. */
export type Place = { place: string; words: string }

export const PLACES: readonly Place[] = [
  { place: 'contact.first_name', words: 'Customer’s first name' },
  { place: 'contact.name', words: 'Customer’s name' },
  { place: 'contact.phone', words: 'Customer’s number' },
  { place: 'agent.first_name', words: 'Your first name' },
  { place: 'agent.name', words: 'Your name' },
]

const PLACE = /\{\{\s*([\w.]+)\s*\}\}/g

/** A piece of a preview: words, or what fills a place; `isKnown` false: nothing fills it. */
export type Piece = { kind: 'text'; text: string } | { kind: 'place'; text: string; isKnown: boolean }

/** Pure: a body as it would go out to this customer by this agent. */
export function preview(body: string, agentName: string): Piece[] {
  const examples: Record<string, string> = {
    'contact.name': 'Sheena Nelson',
    'contact.first_name': 'Sheena',
    'contact.phone': '+1 650 555 1234',
    'agent.name': agentName,
    'agent.first_name': agentName.trim().split(/\s+/)[0] ?? agentName,
  }
  const pieces: Piece[] = []
  let from = 0
  for (const match of body.matchAll(PLACE)) {
    const [whole, place = ''] = match
    if (match.index > from) pieces.push({ kind: 'text', text: body.slice(from, match.index) })
    const example = Object.hasOwn(examples, place) ? examples[place] : undefined
    pieces.push({ kind: 'place', text: example ?? whole, isKnown: example !== undefined })
    from = match.index + whole.length
  }
  if (from < body.length) pieces.push({ kind: 'text', text: body.slice(from) })
  return pieces
}

/** Pure: a text with a place put where the selection is, and where the caret stands afterwards. */
export function withPlace(
  body: string,
  place: string,
  selection: { start: number; end: number },
): { body: string; caret: number } {
  const written = `{{${place}}}`
  return {
    body: body.slice(0, selection.start) + written + body.slice(selection.end),
    caret: selection.start + written.length,
  }
}
