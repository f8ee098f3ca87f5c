import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { accessibilityViolations, keepPicture, showTheme } from './browser.ts'
import { bubble, type Desk, row, say, sitDown } from './desk.ts'

const WITHIN_MS = 60_000
const LANGUAGE = 'document.documentElement.lang + " " + document.documentElement.dir'

describe('the inbox in other languages', () => {
  let desk: Desk
  let page: Page
  const catalogues: string[] = []

  beforeAll(async () => {
    desk = await sitDown()
    page = desk.page
    page.on('request', (request) => {
      const [name] = /words-[a-zA-Z-]+\./.exec(request.url()) ?? []
      if (name) catalogues.push(name)
    })
  }, WITHIN_MS)

  afterAll(() => desk?.stop(), WITHIN_MS)

  /** As an agent does it who reads the language that the page is in now. */
  const choose = async (tag: string) => {
    await page.goto(`${desk.stack.url}/settings/preferences`)
    const select = page.locator('#language')
    await select.waitFor()
    await Promise.all([page.waitForEvent('load'), select.selectOption(tag)])
    await select.waitFor()
  }

  test('English loads no catalogue', async () => {
    await page.reload()
    await page
      .getByRole('heading', { name: 'Conversations' })
      .or(page.locator('[data-composer]'))
      .first()
      .waitFor()
    expect(await page.evaluate<string>(LANGUAGE)).toBe('en ltr')
    expect(catalogues).toEqual([])
  })

  test(
    'a chosen language holds for markup, for tables of words, for dates and counts, and loads one catalogue',
    async () => {
      await choose('de')
      expect(await page.evaluate<string>(LANGUAGE)).toBe('de ltr')
      await page.getByRole('heading', { name: 'Einstellungen' }).first().waitFor()
      await row(page).waitFor({ state: 'detached' })
      await page.goto(desk.stack.url)
      await row(page).click()
      await page.getByPlaceholder('Antwort schreiben…').waitFor()
      await page.locator('[data-conversation]').getByText('Sprachnachricht').waitFor()
      await page.locator('[data-conversation]').getByText('Gestern').first().waitFor()
      await page.context().setOffline(true)
      await page.getByText('Sie sind gerade offline').waitFor()
      await page.context().setOffline(false)
      expect(new Set(catalogues)).toEqual(new Set(['words-de.']))
      await keepPicture(page, 'lang-de')
    },
    WITHIN_MS,
  )

  test(
    'Arabic is read from the right: our bubbles stand at the left, and axe finds nothing, in both themes',
    async () => {
      await choose('ar')
      expect(await page.evaluate<string>(LANGUAGE)).toBe('ar rtl')
      await page.goto(desk.stack.url)
      await row(page).click()
      await page.locator('[data-composer]').waitFor()
      await say(page, 'نعم، ما زالت موجودة')
      const ours = await bubble(page, 'موجودة').locator('[data-text]').boundingBox()
      const theirs = await bubble(page, 'oak table').locator('[data-text]').boundingBox()
      expect(ours && theirs && ours.x < theirs.x).toBe(true)
      const side = `getComputedStyle([...document.querySelectorAll('[data-text]')].find((one) => one.textContent.includes('oak table'))).direction`
      expect(await page.evaluate<string>(side)).toBe('ltr')
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(page, theme)
        await keepPicture(page, `lang-ar-${theme}`)
        expect(await accessibilityViolations(page)).toEqual([])
      }
    },
    WITHIN_MS,
  )

  test(
    'nothing is cut off sideways at 360 px, in the longest language and in Arabic',
    async () => {
      await page.setViewportSize({ width: 360, height: 740 })
      for (const tag of ['de', 'ar']) {
        await page.evaluate(`localStorage.setItem('baton:language', '${tag}')`)
        for (const path of ['/', '/settings/preferences', '/not-delivered']) {
          await page.goto(desk.stack.url + path)
          await page.locator('main').first().waitFor({ state: 'attached' })
          const { scroll, width } = await page.evaluate<{ scroll: number; width: number }>(
            '({ scroll: document.documentElement.scrollWidth, width: innerWidth })',
          )
          expect({ path, tag, scroll }).toEqual({ path, tag, scroll: width })
        }
        await keepPicture(page, `lang-${tag}-360`)
      }
    },
    WITHIN_MS,
  )
})
