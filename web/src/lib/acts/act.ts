import type { Session } from '../inbox/session.svelte.ts'
import type { PaletteList } from './surface.svelte.ts'

/**
 * Something an agent can do. One table of them feeds the keys, the `?` sheet, the palette and the hints in menus.
 * `ids`: the conversations it is about, which are the selected ones, else the open one, else none (`actedOn`).
 */
export type Act = {
  id: string
  /** What it does, as the palette and the sheet say it: "Resolve". */
  words: string
  /** Under which heading it stands in both. */
  group: string
  /** As `keyOf` says it: `j`, `?`, `Shift a`, `Ctrl k` (also ⌘), `Alt ArrowUp`. */
  key?: string
  /** Further words by which it is found. */
  also?: string
  /** Its key works while somebody writes. */
  whileWriting?: boolean
  /** It has a key, and the palette does not offer it: there it would make no sense. */
  isKeyOnly?: boolean
  /** It asks for one thing, in this list of the palette. */
  opens?: PaletteList
  /** Whether it can be done now; without it: always. */
  when?(session: Session, ids: readonly string[]): boolean
  run(session: Session, ids: readonly string[]): void
}
