import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { openDatabase, type Sql } from '../../db/client.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { unzipped } from '../../server/testing/unzipped.ts'
import { tablesWith } from '../../server/testing/whereFound.ts'
import { accessibilityViolations, keepPicture, showTheme, signInAs } from './browser.ts'
import { bubble, CUSTOMER, type Desk, openConversation, row, say, sitDown } from './desk.ts'
import { expectFineEverywhere, SIZES } from './looks.ts'

const WITHIN_MS = 90_000

describe('what is kept of a contact', () => {
  let desk: Desk
  /** Carla, an administrator; `desk.page` is Ana's. */
  let page: Page
  let complaints: string[]
  let sql: Sql
  let close: () => Promise<void>

  beforeAll(async () => {
    desk = await sitDown()
    ;({ sql, close } = openDatabase(desk.stack.databaseUrl, { connections: 2 }))
    await bubble(desk.page, 'oak table').waitFor()
    await say(desk.page, 'It is, shall I keep it for you?')
    await bubble(desk.page, 'shall I keep it').waitFor()
    ;({ page, complaints } = await signInAs(desk.browser, desk.stack.url, 'carla@demo.baton'))
    await openConversation(page)
    await page.getByRole('complementary', { name: 'Contact' }).waitFor()
  }, WITHIN_MS)
  afterAll(async () => {
    await close?.()
    await desk?.stop()
  }, WITHIN_MS)

  /** The dialog of an act of the panel, at both sizes and in both themes. On a phone the panel is a screen of its own. */
  async function opens(act: 'export' | 'erase', isThere: string) {
    for (const size of [390, 1440] as const) {
      await page.setViewportSize(SIZES[size])
      if (size === 390) await page.locator('[data-act=contact]').click()
      await page.locator(`[data-act=${act}]`).click()
      await page.locator(isThere).waitFor()
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(page, theme)
        expect([act, size, theme, await accessibilityViolations(page)]).toEqual([act, size, theme, []])
        await keepPicture(page, `records-${act}-${size}-${theme}`)
      }
      if (size === 1440) continue
      await page.keyboard.press('Escape')
      await page.locator(isThere).waitFor({ state: 'detached' })
      await page.getByRole('button', { name: 'Hide the contact' }).click()
    }
    await showTheme(page, 'light')
  }

  test('who may neither export nor erase is not offered it', async () => {
    await desk.page.getByRole('complementary', { name: 'Contact' }).waitFor()
    expect(await desk.page.locator('[data-act=erase], [data-act=export]').count()).toBe(0)
  })

  test(
    'an administrator takes it as one file, after having read what is in it',
    async () => {
      await opens('export', '[data-holds]')
      await page.locator('[data-holds]').getByText('2 messages').waitFor()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download' }).click(),
      ])
      expect(download.suggestedFilename()).toBe(`${CUSTOMER.name}.zip`)
      const path = await download.path()
      const files = unzipped(await Bun.file(path).bytes())
      expect(new TextDecoder().decode(files.get('contact.json'))).toContain(CUSTOMER.number)
      await page.getByText('The download has begun.').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'and erases it after a question that names what goes; it vanishes at once before a colleague who reads it',
    async () => {
      await desk.page.locator('[data-composer]').fill('A draft to Nora Quinn')
      await eventually(async () => (await sql`select 1 from drafts where body like '%Nora%'`).length === 1)
      expect(await tablesWith(sql, [CUSTOMER.number])).not.toEqual([])
      await opens('erase', '[data-goes]')
      await page.locator('[data-goes]').getByText('2 messages go.').waitFor()
      const erase = page.getByRole('button', { name: 'Erase for good' })
      expect(await erase.isDisabled()).toBe(true)
      await page.getByLabel(/^Type/).fill(CUSTOMER.name)
      await erase.click()
      for (const shown of [page, desk.page]) {
        await shown.getByText('This conversation was erased').waitFor()
        await row(shown).waitFor({ state: 'detached' })
      }
      await expectFineEverywhere(page, 'records-erased')
      // What Ana was writing is not kept on her device either.
      expect(await desk.page.evaluate<string>('JSON.stringify({ ...localStorage })')).not.toContain('Nora')
      expect(await tablesWith(sql, [CUSTOMER.number, CUSTOMER.name, 'shall I keep it'])).toEqual([])
    },
    WITHIN_MS,
  )

  test(
    'the receipt is kept, names nobody, and can be taken as a file',
    async () => {
      await page.getByRole('link', { name: 'Show the receipt' }).click()
      const receipt = page.locator('[data-receipt]')
      await receipt.getByText('2 messages').waitFor()
      await receipt.getByText('Everything is gone').waitFor()
      expect(await receipt.innerText()).not.toContain('Nora')
      await expectFineEverywhere(page, 'records-receipts')
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        receipt.getByRole('button', { name: 'Download' }).click(),
      ])
      expect(JSON.parse(await Bun.file(await download.path()).text()).erasure.counts.messages).toBe(2)
      await page.goto(`${desk.stack.url}/settings/audit`)
      await page.locator('[data-action="contact.erased"]').waitFor()
      await page.locator('[data-action="contact.exported"]').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'should they write again, they come as somebody new',
    async () => {
      // The list holds still while the mouse is over it.
      await desk.page.mouse.move(900, 300)
      await desk.write({ type: 'text', text: 'Good morning, me again' })
      await row(desk.page).click()
      await bubble(desk.page, 'me again').waitFor()
      expect(await bubble(desk.page, 'oak table').count()).toBe(0)
      // What was asked about the conversation when it went is answered with 404, which the browser writes down as an error.
      const others = [...complaints, ...desk.complaints].filter((line) => !line.includes('404'))
      expect(others).toEqual([])
    },
    WITHIN_MS,
  )
})
