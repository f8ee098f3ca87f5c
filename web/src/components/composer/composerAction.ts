import type Plus from '@lucide/svelte/icons/plus'

/** Something that can be added beside words. */
export type ComposerAction = {
  id: string
  words: string
  /** With its key. */
  hint?: string
  Icon: typeof Plus
  run(): void
  /** It moves the focus somewhere itself. */
  takesFocus?: boolean
}
