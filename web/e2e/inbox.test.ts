import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { accessibilityViolations, keepPicture, openBrowser, showTheme, signInAs } from './browser.ts'

const CUSTOMER = { name: 'Nora Quinn', number: '16505557788' }
const WITHIN_MS = 60_000

describe('the inbox in a browser', () => {
  let stack: Stack
  let browser: Browser
  let ana: { page: Page; complaints: string[] }

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    stack.simulator.phones.add(CUSTOMER.name, CUSTOMER.number)
    ana = await signInAs(browser, stack.url, 'ana@demo.baton')
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  const row = (page: Page) => page.locator('[data-conversation]', { hasText: CUSTOMER.name })
  const bubble = (page: Page, text: string) => page.locator('[data-message]', { hasText: text })

  test(
    'a customer’s message arrives by itself',
    async () => {
      expect(await row(ana.page).count()).toBe(0)
      await stack.simulator.phones.write(CUSTOMER.number, {
        type: 'text',
        text: 'Is the *walnut* table still there?',
      })
      await row(ana.page).waitFor()
      expect(await row(ana.page).textContent()).toContain('Is the walnut table still there?')
      expect(await ana.page.title()).toMatch(/^\(\d+\) Inbox/)
    },
    WITHIN_MS,
  )

  test(
    'an answer shows at once and ends with the ticks of a read message',
    async () => {
      const { page } = ana
      await row(page).click()
      await bubble(page, 'walnut').waitFor()
      expect(await bubble(page, 'walnut').locator('strong').textContent()).toBe('walnut')
      await page.keyboard.press('r')
      await page.keyboard.type('It is, and it can be yours on Friday.')
      await page.keyboard.press('Enter')
      await bubble(page, 'yours on Friday').locator('[data-status=read]').waitFor()
      expect(await page.locator('[data-composer]').inputValue()).toBe('')
      expect(await row(page).locator('[data-status=read]').count()).toBe(1)
    },
    WITHIN_MS,
  )

  test(
    'what comes in while the conversation is open is read, and a second message follows the first',
    async () => {
      const { page } = ana
      await stack.simulator.phones.write(CUSTOMER.number, { type: 'text', text: 'Friday is perfect' })
      await bubble(page, 'Friday is perfect').waitFor()
      await row(page).locator('text=unread').waitFor({ state: 'detached' })
      const texts = await page.locator('[data-message] [data-text]').allInnerTexts()
      expect(texts.map((text) => text.slice(0, 6))).toEqual(['Is the', 'It is,', 'Friday'])
    },
    WITHIN_MS,
  )

  test(
    'a lost connection is told and made good',
    async () => {
      const { page } = ana
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await page.locator('[data-composer]').fill('Written without a network')
      await page.keyboard.press('Enter')
      await page.getByText('1 waiting').waitFor()
      await stack.simulator.phones.write(CUSTOMER.number, { type: 'text', text: 'Said meanwhile' })
      await page.context().setOffline(false)
      await bubble(page, 'Said meanwhile').waitFor()
      await bubble(page, 'Written without a network').locator('[data-status=read]').waitFor()
      expect(await bubble(page, 'Written without a network').count()).toBe(1)
      await page.getByText('Connected').waitFor()
      await page.getByText('Connected').waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'a server that restarts is found again',
    async () => {
      await stack.restartServer()
      await stack.simulator.phones.write(CUSTOMER.number, { type: 'text', text: 'The lights flickered' })
      await bubble(ana.page, 'The lights flickered').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'signing out in one tab leads the other to the sign-in page, and back to where it was',
    async () => {
      const ben = await signInAs(browser, stack.url, 'ben@demo.baton')
      await row(ben.page).click()
      await bubble(ben.page, 'The lights flickered').waitFor()
      const address = ben.page.url()
      const other = await ben.page.context().newPage()
      await other.goto(stack.url)
      await other.getByRole('button', { name: 'account' }).click()
      await other.getByRole('menuitem', { name: 'Sign out' }).click()
      await other.waitForURL('**/sign-in')
      await ben.page.waitForURL('**/sign-in?next=**')
      await ben.page.getByRole('button', { name: /^Ben/ }).click()
      await ben.page.waitForURL(address)
      await bubble(ben.page, 'The lights flickered').waitFor()
      await ben.page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'somebody of another team sees neither the row nor the conversation',
    async () => {
      const dan = await signInAs(browser, stack.url, 'dan@demo.baton')
      await dan.page.getByText('No channel is yours to see').waitFor()
      await dan.page.goto(ana.page.url())
      await dan.page.getByText('This conversation is not yours to see').waitFor()
      expect(await dan.page.locator('[data-conversation]').count()).toBe(0)
      await dan.page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'list and thread have no accessibility violations, light or dark',
    async () => {
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(ana.page, theme)
        expect(await accessibilityViolations(ana.page)).toEqual([])
      }
    },
    WITHIN_MS,
  )

  test(
    'the page complained about nothing, and a picture is kept',
    async () => {
      const withoutOffline = ana.complaints.filter(
        (line) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|WebSocket/.test(line),
      )
      expect(withoutOffline).toEqual([])
      await showTheme(ana.page, 'light')
      expect(existsSync(await keepPicture(ana.page, 'inbox'))).toBe(true)
    },
    WITHIN_MS,
  )
})
