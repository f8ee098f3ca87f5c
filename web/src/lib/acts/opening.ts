import type { Act } from './act.ts'
import type { PaletteList } from './surface.svelte.ts'

/** Of an act that asks for one thing: it opens a list of the palette. */
export function opening(list: PaletteList): Pick<Act, 'opens' | 'run'> {
  return { opens: list, run: ({ surface }) => surface.open(list) }
}
