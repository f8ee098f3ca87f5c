import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { accessibilityViolations, keepPicture, showTheme } from './browser.ts'
import { bubble, CUSTOMER, type Desk, sitDown } from './desk.ts'

const WITHIN_MS = 60_000
const SIZES = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } }

describe('around the inbox, in a browser', () => {
  let desk: Desk
  let page: Page
  let threadUrl: string

  beforeAll(async () => {
    desk = await sitDown()
    page = desk.page
    threadUrl = page.url()
  }, WITHIN_MS)

  afterAll(async () => {
    await desk?.stop()
  }, WITHIN_MS)

  const palette = () => page.locator('[data-palette]')
  const entry = (words: string) => palette().getByRole('option', { name: words })
  const type = async (words: string) => {
    for (const letter of words) await page.keyboard.press(letter === ' ' ? 'Space' : letter)
  }

  /** In both themes, on a desk and on a phone; a picture of each. */
  async function expectFineEverywhere(name: string) {
    for (const [size, viewport] of Object.entries(SIZES)) {
      await page.setViewportSize(viewport)
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(page, theme)
        expect([name, size, theme, await accessibilityViolations(page)]).toEqual([name, size, theme, []])
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        expect([name, size, overflow <= 0]).toEqual([name, size, true])
        await keepPicture(page, `shell-${name}-${size}-${theme}`)
      }
    }
    await page.setViewportSize(SIZES[1440])
    await showTheme(page, 'light')
  }

  test(
    'the palette finds a conversation, and resolves it, by keyboard alone',
    async () => {
      await page.keyboard.press('Escape')
      await page.waitForURL(`${desk.stack.url}/`)
      await page.keyboard.press('Control+k')
      await palette().waitFor()
      await expectFineEverywhere('palette')
      await type('nora')
      await entry(CUSTOMER.name).first().waitFor()
      await expectFineEverywhere('palette-found')
      await page.keyboard.press('Enter')
      await page.waitForURL(threadUrl)
      await bubble(page, 'Is the oak table still there?').waitFor()
      await page.keyboard.press('Control+k')
      await type('resol')
      await entry('Resolve').waitFor()
      await page.keyboard.press('Enter')
      await page.getByText(`The conversation with ${CUSTOMER.name} is resolved.`).waitFor()
      await page.keyboard.press('z')
      await page.waitForURL(threadUrl)
      await page.getByRole('button', { name: 'Resolve' }).waitFor()
    },
    WITHIN_MS,
  )
})
