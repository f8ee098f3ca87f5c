import type { Session } from '../inbox/session.svelte.ts'

/**
 * Something an agent can do. One table of them feeds the keys, the `?` sheet, the palette and the hints in menus.
 * `ids`: the conversations it is about, which are the selected ones, else the open one, else none.
 */
export type Act = {
  id: string
  /** What it does, as the palette and the sheet say it: "Resolve". */
  words: string
  /** Under which heading it stands in both. */
  group: string
  /** As `KeyboardEvent.key` says it, with what is held down before it: `j`, `?`, `Shift a`, `Ctrl k`, `Alt ArrowUp`. */
  key?: string
  /** Further words by which it is found. */
  also?: string
  /** Whether it can be done now; without it: always. */
  when?(session: Session, ids: readonly string[]): boolean
  run(session: Session, ids: readonly string[]): void
}
