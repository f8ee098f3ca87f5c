import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import { accessibilityViolations, keepPicture, showTheme } from './browser.ts'
import { bubble, CUSTOMER, type Desk, sitDown } from './desk.ts'

const WITHIN_MS = 90_000

describe('templates in a browser', () => {
  let desk: Desk
  let sql: postgres.Sql

  beforeAll(async () => {
    desk = await sitDown()
    sql = postgres(desk.stack.databaseUrl, { max: 1, onnotice: () => {} })
  }, WITHIN_MS)

  afterAll(async () => {
    await sql?.end()
    await desk?.stop()
  }, WITHIN_MS)

  const card = (name: string) => desk.page.locator(`[data-template=${name}]`).first()
  const sendTemplate = () => desk.page.getByRole('button', { name: 'Send template' })
  const lastWrote = (ago: string) => sql`
    update conversations set last_inbound_at = now() - ${ago}::interval
    from contacts where contacts.id = conversations.contact_id and contacts.name = ${CUSTOMER.name}`

  test(
    'the window closes while one is typing: the composer turns to templates, and the draft is kept',
    async () => {
      const { page } = desk
      expect((await lastWrote('23:59:48')).count).toBe(1)
      await page.reload()
      await page.locator('[data-composer]').fill('It is still here, and')
      await page.locator('[data-templates]').waitFor({ timeout: 40_000 })
      await page.getByText('The 24-hour window closed').waitFor()
      await page.getByText('Draft kept').waitFor()
      expect(await page.locator('[data-composer]').count()).toBe(0)
      await card('follow_up').waitFor()
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
        await keepPicture(page, `window-closed-${theme}`)
      }
    },
    WITHIN_MS,
  )

  test(
    'a template that WhatsApp paused cannot be chosen, and says why',
    async () => {
      const { page } = desk
      expect((await sql`update templates set status = 'PAUSED' where name = 'invoice_ready'`).count).toBe(1)
      await page.reload()
      await card('invoice_ready').getByText('Paused', { exact: true }).waitFor()
      await card('invoice_ready').getByText('WhatsApp has paused this template').waitFor()
      await card('invoice_ready').dispatchEvent('click')
      expect(await page.locator('[data-template-form]').count()).toBe(0)
    },
    WITHIN_MS,
  )

  test(
    'a template is searched, filled in, seen as the customer sees it, and sent',
    async () => {
      const { page } = desk
      await page.getByLabel('Search templates').fill('you asked us')
      await card('follow_up').click()
      expect(await sendTemplate().isDisabled()).toBe(true)
      await page.getByLabel('Variable 1').fill('Nora')
      await page.locator('[data-template-form] [data-text]').getByText('Hello Nora').waitFor()
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, 'template-form')
      await sendTemplate().click()
      await bubble(page, 'Hello Nora').locator('[data-status=read]').waitFor()
      expect(desk.received().at(-1)).toMatchObject({ type: 'template', content: { name: 'follow_up' } })
    },
    WITHIN_MS,
  )

  test(
    'when the customer writes again the draft is back where it was',
    async () => {
      const { page } = desk
      await desk.write({ type: 'text', text: 'I am back' })
      await bubble(page, 'I am back').waitFor()
      await page.locator('[data-composer]').waitFor()
      expect(await page.locator('[data-composer]').inputValue()).toBe('It is still here, and')
    },
    WITHIN_MS,
  )

  test(
    'whoever wants no marketing is not sent any, and that can be switched',
    async () => {
      const { page } = desk
      await page.getByRole('switch', { name: 'Marketing templates' }).click()
      await page.getByText('Opted out').first().waitFor()
      await page.getByRole('button', { name: 'Send a template' }).click()
      await card('autumn_sofas').getByText('wants no marketing').waitFor()
      await card('autumn_sofas').dispatchEvent('click')
      expect(await page.locator('[data-template-form]').count()).toBe(0)
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, 'opted-out')
      await page.getByRole('switch', { name: 'Marketing templates' }).click()
      await card('autumn_sofas').getByText('wants no marketing').waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Close' }).click()
    },
    WITHIN_MS,
  )

  test(
    'a conversation with a new number is started with a template',
    async () => {
      const { page, stack } = desk
      const number = '4915155501172'
      stack.simulator.phones.add('Jule Sommer', number)
      await page.getByRole('button', { name: 'Start a conversation' }).click()
      const dialog = page.getByRole('dialog')
      const phone = dialog.getByLabel('Phone number')
      await phone.fill('0151 5550 1172')
      await dialog.getByText('Begin with + and the country code').waitFor()
      await phone.fill('+49 151 5550 1172')
      await dialog.getByLabel('Name').fill('Jule Sommer')
      await dialog.locator('[data-template=follow_up]').first().click()
      await dialog.getByLabel('Variable 1').fill('Jule')
      for (const theme of ['dark', 'light'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
        await keepPicture(page, `start-${theme}`)
      }
      await dialog.getByRole('button', { name: 'Send template' }).click()
      await dialog.waitFor({ state: 'detached' })
      await bubble(page, 'Hello Jule').locator('[data-status=read]').waitFor()
      await page.getByText('has not written yet').first().waitFor()
      expect(stack.simulator.phones.log(number)).toHaveLength(1)
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    expect(desk.complaints).toEqual([])
  })
})
