import type { Part, Supervised } from './supervise.ts'

/** `start` builds the web app and serves it; `dev` reloads the server and lets Vite serve the app. */
export type Mode = 'start' | 'dev'

/** In the order in which they stop: nobody may be left with work and no database to put it in. */
export const stopOrder = ['web', 'server', 'simulator', 'postgres', 'redis'] as const

export type PartName = (typeof stopOrder)[number]

/** What runs now. A part is entered as soon as it runs, so that a start cut short stops what it began. */
export type Parts = Partial<Record<PartName, Supervised<Part>>>

/** What becomes of a part later: it ended, it is back, it was given up. */
export interface Notices {
  say: (line: string) => void
  onStart: () => void
  onGiveUp: (name: string) => void
}
