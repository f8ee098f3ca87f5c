import type { LabelColour, LabelSnapshot } from '../../../../server/inbox/snapshot.ts'

export type LabelOption = { key: string; words: string; colour: LabelColour; isChosen: boolean }

/** All of the palette, in the order in which they are offered; the type makes it complete. */
const COLOURS: Record<LabelColour, string> = {
  grey: 'Grey',
  red: 'Red',
  orange: 'Orange',
  yellow: 'Yellow',
  green: 'Green',
  teal: 'Teal',
  blue: 'Blue',
  purple: 'Purple',
  pink: 'Pink',
}

export const LABEL_COLOURS: readonly { colour: LabelColour; words: string }[] = Object.keys(COLOURS)
  .filter(isColour)
  .map((colour) => ({ colour, words: COLOURS[colour] }))

/** Pure: the labels of the workspace; chosen is what all of these conversations have. */
export function labelOptions(
  conversations: readonly { labelIds: readonly string[] }[],
  labels: readonly LabelSnapshot[],
): LabelOption[] {
  return labels.map(({ id, name, colour }) => ({
    key: id,
    words: name,
    colour,
    isChosen: conversations.length > 0 && conversations.every(({ labelIds }) => labelIds.includes(id)),
  }))
}

/** The colour that the fewest labels have. */
export function colourFor(labels: readonly LabelSnapshot[]): LabelColour {
  const uses = ({ colour }: { colour: LabelColour }) =>
    labels.filter((label) => label.colour === colour).length
  const [least] = LABEL_COLOURS.filter(({ colour }) => colour !== 'grey').sort((a, b) => uses(a) - uses(b))
  return least?.colour ?? 'blue'
}

function isColour(word: string): word is LabelColour {
  return word in COLOURS
}
