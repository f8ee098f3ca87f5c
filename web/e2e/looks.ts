import { expect } from 'bun:test'
import type { Page } from 'playwright-core'
import { accessibilityViolations, keepPicture, showTheme } from './browser.ts'

/** A desk and a phone. */
export const SIZES = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } }

/** What the page shows, in both themes, on a desk and on a phone: nothing for axe, nothing cut off at the side; a picture of each. */
export async function expectFineEverywhere(page: Page, name: string): Promise<void> {
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport)
    for (const theme of ['light', 'dark'] as const) {
      await showTheme(page, theme)
      expect([name, size, theme, await accessibilityViolations(page)]).toEqual([name, size, theme, []])
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      expect([name, size, overflow <= 0]).toEqual([name, size, true])
      await keepPicture(page, `${name}-${size}-${theme}`)
    }
  }
  await page.setViewportSize(SIZES[1440])
  await showTheme(page, 'light')
}
