import type { LabelColour } from '../../../../server/inbox/snapshot.ts'
import type { PaletteList } from '../acts/surface.svelte.ts'

/** A line of the palette. */
export type Entry = {
  id: string
  words: string
  group: string
  detail?: string | undefined
  /** As in the table of acts. */
  key?: string | undefined
  also?: string | undefined
  /** Somebody, shown by a face. */
  person?: { id: string; name: string } | undefined
  colour?: LabelColour | undefined
  /** It is so already; choosing it takes it back. */
  isOn?: boolean | undefined
  /** What the server found for these words: it is shown whatever they are. */
  isFound?: boolean | undefined
  /** The palette stays open, because more than one may be chosen. */
  staysOpen?: boolean | undefined
  /** It asks for one thing more. */
  opens?: PaletteList | undefined
  run(): void
}
