import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { batonError, createBatonClient } from '../../server/client/index.ts'
import { accessibilityViolations, keepPicture, openBrowser, signInAs } from './browser.ts'
import { expectFineEverywhere, SIZES } from './looks.ts'

const WITHIN_MS = 60_000

describe('API keys in a browser', () => {
  let stack: Stack
  let browser: Browser
  let carla: { page: Page; complaints: string[] }
  let key: string

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    carla = await signInAs(browser, stack.url, 'carla@demo.baton')
    await carla.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  const rail = (page: Page) => page.getByRole('navigation', { name: 'Baton' })
  const settings = (page: Page) => page.getByRole('navigation', { name: 'Settings' })
  const shopKey = () => carla.page.locator('[data-key]', { hasText: 'Shop system' })
  const whoAmI = () => createBatonClient({ url: stack.url, apiKey: key }).auth.me.query()

  const looksFine = (name: string) => expectFineEverywhere(carla.page, `api-keys-${name}`)

  test(
    'an administrator finds the page in the settings, and no key yet',
    async () => {
      const { page } = carla
      await rail(page).getByRole('link', { name: 'Settings' }).click()
      await settings(page).getByRole('link', { name: 'API keys' }).click()
      await page.getByText('No program has a key yet').waitFor()
      expect(await page.title()).toContain('API keys')
      await looksFine('none')
    },
    WITHIN_MS,
  )

  test(
    'the dialog says what is missing before it makes a key',
    async () => {
      const { page } = carla
      await page.getByRole('button', { name: 'New key' }).click()
      await page.getByRole('checkbox', { name: 'Read' }).uncheck()
      await page.getByRole('button', { name: 'Make key' }).click()
      await page.getByText('Give it a name').waitFor()
      await page.getByText('Choose whom it acts as.').waitFor()
      await page.getByText('Choose at least one.').waitFor()
      await looksFine('missing')
    },
    WITHIN_MS,
  )

  test(
    'a key is shown once, can be copied, and works as the agent whom it was made for',
    async () => {
      const { page } = carla
      await page.getByLabel('Name').fill('Shop system')
      await page.getByLabel('Acts as').selectOption({ label: 'Ana' })
      await page.getByRole('checkbox', { name: 'Read' }).check()
      await page.getByRole('button', { name: 'Make key' }).click()
      const shown = page.getByLabel('API key', { exact: true })
      key = (await shown.textContent()) ?? ''
      expect(key).toMatch(/^baton_[0-9a-f]{64}$/)
      await looksFine('made')
      await page.getByRole('button', { name: 'Copy' }).click()
      await page.getByText('Copied').waitFor()
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(key)
      await page.keyboard.press('Escape')
      expect(await shown.isVisible()).toBe(true)
      await page.getByRole('button', { name: 'Done' }).click()
      await shown.waitFor({ state: 'hidden' })
      expect((await whoAmI()).agent.name).toBe('Ana')
      await page.reload()
      await shopKey().waitFor()
      const text = (await shopKey().textContent()) ?? ''
      expect(text).toContain(`${key.slice(0, 14)}…`)
      expect(text).toContain('Read, as Ana')
      expect(text).toContain('Last used at ')
      expect(text).toContain('Expires on ')
      expect(text).toContain('by Carla')
      expect(await page.content()).not.toContain(key)
      await looksFine('list')
    },
    WITHIN_MS,
  )

  test(
    'it is revoked only after the dialog said what happens, and then opens nothing more',
    async () => {
      const { page } = carla
      await page.getByRole('button', { name: 'Revoke Shop system' }).click()
      const dialog = page.getByRole('alertdialog')
      await dialog.getByText('refused from its next call on').waitFor()
      await dialog.getByText('as Ana').waitFor()
      await looksFine('revoke')
      await dialog.getByRole('button', { name: 'Keep it' }).click()
      await dialog.waitFor({ state: 'hidden' })
      expect((await whoAmI()).agent.name).toBe('Ana')
      await page.getByRole('button', { name: 'Revoke Shop system' }).focus()
      await page.keyboard.press('Enter')
      await dialog.getByRole('button', { name: 'Revoke key' }).click()
      await shopKey().getByText('Revoked at').waitFor()
      expect(await page.getByRole('button', { name: 'Revoke Shop system' }).count()).toBe(0)
      const refused = await whoAmI().catch((error) => batonError(error).reason)
      expect(refused).toBe('KEY_INVALID')
      await looksFine('revoked')
    },
    WITHIN_MS,
  )

  test(
    'what programs can call is one page, readable in both themes and on a phone',
    async () => {
      const { page } = carla
      await page.getByRole('link', { name: 'What they can call' }).click()
      await page.getByRole('heading', { name: 'Baton API' }).waitFor()
      await page.getByText('/api/v1/conversations/{conversationId}/messages').first().waitFor()
      // One theme at each size: axe reads every word of a long page.
      for (const [size, colorScheme] of [
        [1440, 'light'],
        [390, 'dark'],
      ] as const) {
        await page.setViewportSize(SIZES[size])
        await page.emulateMedia({ colorScheme })
        expect([size, await accessibilityViolations(page)]).toEqual([size, []])
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        expect([size, overflow <= 0]).toEqual([size, true])
        await keepPicture(page, `api-docs-${size}-${colorScheme}`)
      }
    },
    WITHIN_MS,
  )

  test(
    'an agent sees no entry in the settings, and is told who can grant it',
    async () => {
      const ana = await signInAs(browser, stack.url, 'ana@demo.baton')
      await rail(ana.page).getByRole('link', { name: 'Settings' }).click()
      await settings(ana.page).getByRole('link', { name: 'Preferences' }).waitFor()
      expect(await settings(ana.page).getByRole('link', { name: 'API keys' }).count()).toBe(0)
      await ana.page.goto(`${stack.url}/api-keys`)
      await ana.page.getByText('API keys are for administrators').waitFor()
      expect(await accessibilityViolations(ana.page)).toEqual([])
      expect(ana.complaints).toEqual([])
      await ana.page.context().close()
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    expect(carla.complaints).toEqual([])
  })
})
