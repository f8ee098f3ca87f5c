import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture } from './browser.ts'
import { bubble, CUSTOMER, type Desk, sitDown } from './desk.ts'
import { expectFineEverywhere, SIZES } from './looks.ts'

const WITHIN_MS = 60_000

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
  const entry = (words: string) => palette().getByRole('option', { name: words }).first()
  const rail = () => page.getByRole('navigation', { name: 'Baton' })
  const type = async (words: string) => {
    for (const letter of words) await page.keyboard.press(letter === ' ' ? 'Space' : letter)
  }

  const looksFine = (name: string) => expectFineEverywhere(page, `shell-${name}`)

  test(
    'the palette finds a conversation, and resolves it, by keyboard alone',
    async () => {
      await page.keyboard.press('Escape')
      await page.waitForURL(`${desk.stack.url}/`)
      await page.keyboard.press('Control+k')
      await palette().waitFor()
      await looksFine('palette')
      await type('nora')
      await entry(CUSTOMER.name).first().waitFor()
      await looksFine('palette-found')
      await page.keyboard.press('Enter')
      await page.waitForURL(threadUrl)
      await bubble(page, 'Is the oak table still there?').waitFor()
      await page.keyboard.press('Control+k')
      await type('resol')
      await palette().locator('[aria-selected=true]', { hasText: 'Resolve' }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByText(`The conversation with ${CUSTOMER.name} is resolved.`).waitFor()
      await page.keyboard.press('z')
      await page.waitForURL(threadUrl)
      await page.getByRole('button', { name: 'Resolve' }).waitFor()
    },
    WITHIN_MS,
  )

  test(
    'every key of the sheet does what it says',
    async () => {
      const press = (key: string) => page.keyboard.press(key)
      await press('Escape')
      await page.waitForURL(`${desk.stack.url}/`)
      await press('Enter')
      await page.waitForURL('**/c/**')
      const first = page.url()
      await press('j')
      await page.waitForURL((url) => url.href !== first)
      await press('k')
      await page.waitForURL(first)
      await press('Alt+ArrowDown')
      await page.waitForURL((url) => url.href !== first)
      await press('Alt+ArrowUp')
      await page.waitForURL('**/c/**')
      await page.goto(threadUrl)
      await page.locator('[data-composer]').waitFor()
      await press('r')
      await page.locator('[data-composer]:focus').waitFor()
      await press('j')
      expect(await page.locator('[data-composer]').inputValue()).toBe('j')
      await press('Backspace')
      await press('Escape')
      await page.locator('[data-composer]:not(:focus)').waitFor()
      expect(page.url()).toBe(threadUrl)
      await press('a')
      await page.getByText(`${CUSTOMER.name} is assigned to you.`).waitFor()
      await press('z')
      await page.getByRole('button', { name: 'Assign', exact: true }).waitFor()
      for (const [key, list] of [
        ['Shift+A', 'Assign'],
        ['s', 'Snooze'],
        ['l', 'Labels'],
      ] as const) {
        await press(key)
        await page.locator(`[data-popover-content][aria-label="${list}"]`).waitFor()
        await press('Escape')
        await page.locator('[data-popover-content]').waitFor({ state: 'detached' })
        expect(page.url()).toBe(threadUrl)
      }
      await press('t')
      await page.locator('[data-templates], [role=dialog]').first().waitFor()
      await press('Escape')
      await page.goto(threadUrl)
      await page.locator('[data-composer]').waitFor()
      await press('e')
      await page.getByText(`The conversation with ${CUSTOMER.name} is resolved.`).waitFor()
      await press('Control+z')
      await page.waitForURL(threadUrl)
      await press('?')
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
      await looksFine('keys')
      await press('j')
      await press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      expect(page.url()).toBe(threadUrl)
      await press('/')
      await page.waitForURL('**/search')
      await press('Escape')
      await page.waitForURL(`${desk.stack.url}/`)
      await press('Control+k')
      await palette().waitFor()
      await press('Escape')
      await palette().waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'a message is found by a word of it, and opens in its conversation; a step back finds the hits again',
    async () => {
      await desk.write({ type: 'text', text: 'I mean the <b>walnut</b> one, beside the window' })
      await page.keyboard.press('/')
      await page.waitForURL('**/search')
      await looksFine('search-begin')
      const hit = page.locator('[data-hit]', { hasText: 'beside the window' })
      await eventually(
        async () => {
          await page.getByRole('searchbox').fill('')
          await type('window waln')
          await page.locator('[data-hit]').or(page.getByText('Nothing was found')).first().waitFor()
          return (await hit.count()) === 1
        },
        { withinMs: 20_000 },
      )
      expect(page.url()).toContain('?q=window+waln')
      expect(await hit.locator('mark').allTextContents()).toEqual(['walnut', 'window'])
      expect(await hit.locator('b').count()).toBe(0)
      await looksFine('search-found')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.waitForURL(/\/c\/[\w-]+\?at=[\w-]+$/)
      await bubble(page, 'beside the window').waitFor()
      await page.goBack()
      await hit.waitFor()
      expect(await page.getByRole('searchbox').inputValue()).toBe('window waln')
      await page.getByRole('button', { name: 'Notes' }).click()
      await page.getByText('Nothing was found').waitFor()
      await looksFine('search-nothing')
      await page.getByRole('button', { name: 'Contacts' }).click()
      await page.getByRole('searchbox').fill('quinn')
      await page.locator('[data-hit]', { hasText: CUSTOMER.name }).waitFor()
    },
    WITHIN_MS,
  )

  test(
    'one conversation can be searched alone, and a search that fails says so and can be tried again',
    async () => {
      await page.goto(threadUrl)
      await page.getByRole('button', { name: 'More', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Search in this conversation' }).click()
      await page.waitForURL('**/search?in=**')
      await page.route('**/trpc/search.query**', (route) => route.abort())
      await type('oak')
      await page.getByText('The search did not work').waitFor()
      expect(await accessibilityViolations(page)).toEqual([])
      await page.unroute('**/trpc/search.query**')
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.locator('[data-hit]', { hasText: 'oak' }).waitFor()
      expect(await page.getByRole('button', { name: 'Contacts' }).count()).toBe(0)
      await page.getByRole('button', { name: 'Search everywhere' }).click()
      await page.getByRole('button', { name: 'Contacts' }).waitFor()
      expect(page.url()).toContain('/search?q=oak')
      desk.complaints.splice(0) // what was aborted above
    },
    WITHIN_MS,
  )

  test(
    'an answer that is overtaken by a newer question is never shown',
    async () => {
      let slow = 0
      await page.route('**/trpc/search.query**', async (route) => {
        if (!decodeURIComponent(route.request().url()).includes('"quinn"')) return route.fallback()
        slow += 1
        await eventually(() => page.url().includes('sheena'))
        await route.fallback().catch(() => {})
      })
      await page.goto(`${desk.stack.url}/search?among=contacts`)
      await page.getByRole('searchbox').fill('quinn')
      await eventually(() => slow === 1)
      await page.getByRole('searchbox').fill('sheena')
      await page.locator('[data-hit]', { hasText: 'Sheena Nelson' }).waitFor()
      expect(await page.locator('[data-hit]').count()).toBe(1)
      await page.unroute('**/trpc/search.query**')
    },
    WITHIN_MS,
  )

  test(
    'single keys can be switched off, and those with Ctrl go on',
    async () => {
      await page.goto(`${desk.stack.url}/settings/preferences`)
      const keys = page.getByRole('switch', { name: 'Shortcuts of a single key' })
      await keys.waitFor()
      await looksFine('preferences')
      await keys.click()
      await page.keyboard.press('?')
      await page.keyboard.press('/')
      await page.keyboard.press('Control+k')
      await palette().waitFor()
      expect(page.url()).toContain('/settings/preferences')
      await page.keyboard.press('Escape')
      await page.goto(threadUrl)
      await page.locator('[data-composer]').waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('e')
      await page.keyboard.press('Control+k')
      await palette().waitFor()
      expect(page.url()).toBe(threadUrl)
      await page.getByRole('combobox').fill('shortcuts on')
      await page.keyboard.press('Enter')
      await palette().waitFor({ state: 'detached' })
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
      await page.keyboard.press('Escape')
    },
    WITHIN_MS,
  )

  test(
    'the theme is chosen in the palette, holds in every tab and survives a reload',
    async () => {
      const other = await page.context().newPage()
      await other.goto(`${desk.stack.url}/settings/preferences`)
      await other.getByRole('radio', { name: 'Light' }).waitFor()
      await page.keyboard.press('Control+k')
      await type('dark theme')
      await page.keyboard.press('Enter')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await page.locator('html[data-theme=dark]').waitFor()
      await other.locator('html[data-theme=dark]').waitFor()
      expect(await other.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true)
      await page.reload()
      await page.locator('html[data-theme=dark]').waitFor()
      await other.getByRole('radio', { name: 'Light' }).check()
      await page.locator('html[data-theme=light]').waitFor()
      await other.close()
    },
    WITHIN_MS,
  )

  test(
    'on a phone the rail is the bottom bar, and the settings are a list and its pages',
    async () => {
      await page.setViewportSize(SIZES[390])
      await page.goto(desk.stack.url)
      const bar = await rail().boundingBox()
      expect(bar?.y).toBeGreaterThan(700)
      await rail().getByRole('link', { name: 'Settings' }).click()
      await page.waitForURL('**/settings')
      const list = page.getByRole('navigation', { name: 'Settings' })
      await list.getByRole('link', { name: 'Preferences' }).waitFor()
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, 'shell-settings-390')
      await list.getByRole('link', { name: 'Preferences' }).click()
      await page.getByRole('heading', { name: 'Preferences' }).waitFor()
      expect(await list.isVisible()).toBe(false)
      await page.getByRole('navigation', { name: 'Back' }).getByRole('link').click()
      await list.waitFor()
      await rail().getByRole('link', { name: 'Search' }).click()
      await page.getByRole('searchbox').waitFor()
      await page.setViewportSize(SIZES[1440])
      await page.goto(`${desk.stack.url}/settings`)
      await page.waitForURL('**/settings/preferences')
      await page.goto(`${desk.stack.url}/api-keys`)
      await page.waitForURL('**/settings/api-keys')
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    expect(desk.complaints).toEqual([])
  })
})
