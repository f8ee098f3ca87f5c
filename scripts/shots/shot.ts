import type { Page } from 'playwright-core'

/** Width and height of the window. */
export const SIZES = {
  '1440': { width: 1440, height: 900 },
  '1024': { width: 1024, height: 768 },
  '390': { width: 390, height: 844 },
} as const
export type Size = keyof typeof SIZES

export const THEMES = ['light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** A view or a state, and how to get there in the seeded demo. */
export type Shot = {
  name: string
  /** Nobody's, or an administrator's; else an agent's. */
  as?: 'nobody' | 'administrator'
  /** The sizes where it exists; all of them when nothing is said. */
  only?: Size[]
  /** `ben`: a colleague's window, for what is only there when two are. */
  go(page: Page, url: string, ben: () => Promise<Page>): Promise<unknown>
}
