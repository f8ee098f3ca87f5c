import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import postgres from 'postgres'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { delivery, post, textDelivery } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, openBrowser, showTheme, signInAs } from './browser.ts'

const WITHIN_MS = 60_000
const PAGE_SIZE = 20
const NEW_NUMBER = '999000111222'

describe('dead letters in a browser', () => {
  let stack: Stack
  let browser: Browser
  let sql: postgres.Sql
  let carla: { page: Page; complaints: string[] }

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => {} })
    carla = await signInAs(browser, stack.url, 'carla@demo.baton')
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await sql?.end()
    await stack?.stop()
  }, WITHIN_MS)

  const letters = (page: Page) => page.locator('[data-letter]')
  const letter = (page: Page, words: string) => page.locator('[data-letter]', { hasText: words })
  const settings = (page: Page) => page.getByRole('navigation', { name: 'Settings' })
  const rail = (page: Page) => page.getByRole('navigation', { name: 'Baton' })
  const arrived = (count: number) =>
    eventually(async () => (await sql`select 1 from dead_letters`).length === count, { withinMs: 20_000 })

  test(
    'an administrator finds that everything could be stored',
    async () => {
      await rail(carla.page).getByRole('link', { name: 'Settings' }).click()
      await settings(carla.page).getByRole('link', { name: 'Dead letters' }).click()
      await carla.page.getByText('Everything that came could be stored').waitFor()
      expect(await carla.page.title()).toContain('Dead letters')
    },
    WITHIN_MS,
  )

  test(
    'what could not be stored says why and where it stood, and shows how it came',
    async () => {
      const { page } = carla
      const stranger = delivery(
        { messages: textMessages('wamid.new.number', 'To the new number') },
        'messages',
        NEW_NUMBER,
      )
      await post(stack.url, stranger)
      await post(stack.url, delivery({ messages: [{ type: 'text', text: { body: 'From nobody' } }] }))
      await post(stack.url, `not JSON ${'x'.repeat(30_000)}`)
      await arrived(3)
      await page.reload()
      await letter(page, 'It is not JSON').waitFor()
      expect(await rail(page).getByRole('link', { name: 'Settings, 3 waiting' }).count()).toBe(1)
      expect(await letter(page, 'A message lacks').textContent()).toContain(
        'Message 1, in change 1 of entry 1',
      )
      await letter(page, 'A message lacks').getByRole('button', { name: 'Show raw JSON' }).click()
      const raw = letter(page, 'A message lacks').getByLabel('Raw JSON')
      expect(await raw.textContent()).toContain('    "body": "From nobody"')
      await letter(page, 'A message lacks').getByRole('button', { name: 'Whole delivery' }).click()
      expect(await raw.textContent()).toContain('"object": "whatsapp_business_account"')
      await letter(page, 'It is not JSON').getByRole('button', { name: 'Show raw JSON' }).click()
      await letter(page, 'It is not JSON').getByText('The first 20 kB of 30 kB').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'there are no accessibility violations, light or dark, with a dialog open or not',
    async () => {
      const { page } = carla
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
      }
      await letters(page).first().getByRole('button', { name: 'Discard' }).click()
      await page.getByRole('dialog').waitFor()
      await showTheme(page, 'light')
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, 'dead-letters-discard')
      await page.keyboard.press('Escape')
    },
    WITHIN_MS,
  )

  test(
    'a replay says why it still cannot be stored, and stores it once that is put right',
    async () => {
      const { page } = carla
      const waiting = letter(page, 'No channel has this number')
      await waiting.getByRole('button', { name: 'Replay' }).click()
      await waiting.getByText('It still cannot be stored: no channel has this number').waitFor()
      await sql`
        insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
        select gen_random_uuid(), workspace_id, 'Second', ${NEW_NUMBER}, '15550009999', business_account_id from channels limit 1`
      await waiting.getByRole('button', { name: 'Replay' }).click()
      await waiting.getByText('Stored. It stands in the inbox').waitFor()
      await rail(page).getByRole('link', { name: 'Settings, 2 waiting' }).waitFor()
      await rail(page).getByRole('link', { name: 'Inbox' }).click()
      await page.locator('[data-conversation]', { hasText: 'To the new number' }).waitFor()
      await page.goBack()
    },
    WITHIN_MS,
  )

  test(
    'a letter is discarded with a note, by keyboard, and not without one',
    async () => {
      const { page } = carla
      await letter(page, 'It is not JSON').getByRole('button', { name: 'Discard' }).focus()
      await page.keyboard.press('Enter')
      await page.getByLabel('Why').waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
      await page.getByText('Write a note first').waitFor()
      await page.keyboard.type('A probe of ours')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await letter(page, 'It is not JSON').getByText('Discarded.').waitFor()
      await page.getByRole('button', { name: 'Resolved' }).click()
      await letter(page, 'It is not JSON').getByText('A probe of ours').waitFor()
      expect(await letter(page, 'It is not JSON').textContent()).toContain('Discarded by Carla')
      expect(await letter(page, 'No channel has this number').textContent()).toContain('Stored by Carla')
      expect(await page.getByRole('button', { name: 'Replay' }).count()).toBe(0)
    },
    WITHIN_MS,
  )

  test(
    'many letters come in pages, and all are replayed at once',
    async () => {
      const { page } = carla
      for (let number = 0; number < PAGE_SIZE + 5; number += 1) await post(stack.url, `broken ${number}`)
      await arrived(3 + PAGE_SIZE + 5)
      await page.getByRole('button', { name: 'Waiting' }).click()
      await letters(page)
        .nth(PAGE_SIZE - 1)
        .waitFor()
      expect(await letters(page).count()).toBe(PAGE_SIZE)
      await page.getByRole('button', { name: 'Show older' }).click()
      await letters(page)
        .nth(PAGE_SIZE + 5)
        .waitFor()
      await page.getByRole('button', { name: 'Replay all' }).click()
      const outcome = page.getByText(`All ${PAGE_SIZE + 6} still cannot be stored.`)
      await outcome.waitFor()
      expect((await outcome.boundingBox())?.height).toBeGreaterThan(20)
      await keepPicture(page, 'dead-letters')
    },
    WITHIN_MS,
  )

  test(
    'an agent sees no entry in the settings, and is told who can grant it',
    async () => {
      const ana = await signInAs(browser, stack.url, 'ana@demo.baton')
      await rail(ana.page).getByRole('link', { name: 'Settings' }).click()
      await settings(ana.page).getByRole('link', { name: 'Preferences' }).waitFor()
      const forbidden = settings(ana.page).getByRole('link', { name: /Dead letters|API keys/ })
      expect(await forbidden.count()).toBe(0)
      await ana.page.goto(`${stack.url}/dead-letters`)
      await ana.page.getByText('An administrator of Baton Demo can make you one').waitFor()
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

function textMessages(wamid: string, body: string) {
  const [entry] = textDelivery(wamid, body).entry as { changes: { value: { messages: unknown } }[] }[]
  return entry?.changes[0]?.value.messages
}
