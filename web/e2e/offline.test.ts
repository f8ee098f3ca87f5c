import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, openBrowser, showTheme, signInAs } from './browser.ts'

const CUSTOMER = { name: 'Nora Quinn', number: '16505557788' }
const WITHIN_MS = 60_000
/** A request may carry other calls beside it, such as that which keeps a draft. */
const SENDS = /\/trpc\/[^?]*messages\.send/

// As text: it runs in the page, and the types of a page are not known here.
const keeps = (text: string) => `(async () => {
  const [found] = (await indexedDB.databases()).filter(({ name }) => name.startsWith('baton:'))
  if (!found) return false
  const after = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const database = await after(indexedDB.open(found.name))
  const kept = await after(database.transaction('outbox').objectStore('outbox').getAll())
  database.close()
  return kept.some(({ body }) => body === ${JSON.stringify(text)})
})()`

describe('the queue of an agent who is offline', () => {
  let stack: Stack
  let browser: Browser
  let ana: { page: Page; complaints: string[] }

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    stack.simulator.phones.add(CUSTOMER.name, CUSTOMER.number)
    ana = await signInAs(browser, stack.url, 'ana@demo.baton')
    await stack.simulator.phones.write(CUSTOMER.number, { type: 'text', text: 'Hello, it is Nora' })
    await row(ana.page).click()
    await bubble(ana.page, 'Hello, it is Nora').waitFor()
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  const row = (page: Page) => page.locator('[data-conversation]', { hasText: CUSTOMER.name })
  const bubble = (page: Page, text: string) => page.locator('[data-message]', { hasText: text })
  const clock = (page: Page, text: string) => bubble(page, text).locator('[data-status=queued]')
  const read = (page: Page, text: string) => bubble(page, text).locator('[data-status=read]')
  const received = () => stack.simulator.phones.log(CUSTOMER.number).map(({ content }) => content.body)
  const say = async (page: Page, text: string) => {
    await page.locator('[data-composer]').fill(text)
    await page.keyboard.press('Enter')
  }

  test(
    'messages written offline wait with a clock, and go out once and in their order on return',
    async () => {
      const { page } = ana
      const said = ['One moment', 'I look it up', 'It is oak']
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      for (const text of said) await say(page, text)
      await page.getByText('3 waiting').waitFor()
      for (const text of said) await clock(page, text).waitFor()
      await keepPicture(page, 'offline-queue')
      await page.context().setOffline(false)
      for (const text of said) await read(page, text).waitFor()
      expect(received()).toEqual(said)
    },
    WITHIN_MS,
  )

  test(
    'what waits outlives a reload and the tab, and both of two tabs show it and send it once',
    async () => {
      const { page } = ana
      const context = page.context()
      const before = received().length
      await context.route(SENDS, (route) => route.abort())
      await say(page, 'Kept on this device')
      await clock(page, 'Kept on this device').waitFor()
      // The bubble stands there in the same instant; the device has it some milliseconds later.
      await eventually(() => page.evaluate<boolean>(keeps('Kept on this device')))
      await page.reload()
      await clock(page, 'Kept on this device').waitFor()
      const address = page.url()
      await page.close()
      const [first, second] = [await context.newPage(), await context.newPage()]
      for (const tab of [first, second]) {
        await tab.goto(address)
        await clock(tab, 'Kept on this device').waitFor()
      }
      await say(second, 'And written in the second tab')
      await clock(first, 'And written in the second tab').waitFor()
      await context.unroute(SENDS)
      for (const tab of [first, second]) {
        for (const text of ['Kept on this device', 'And written in the second tab']) {
          await read(tab, text).waitFor()
          expect(await bubble(tab, text).count()).toBe(1)
        }
      }
      expect(received().slice(before)).toEqual(['Kept on this device', 'And written in the second tab'])
      await first.close()
      ana.page = second
    },
    WITHIN_MS,
  )

  test(
    'when the tab that tries to send is closed, another one sends',
    async () => {
      const { page } = ana
      const context = page.context()
      const other = await context.newPage()
      await other.goto(page.url())
      await bubble(other, 'It is oak').waitFor()
      const before = received().length
      let offers = 0
      await context.route(SENDS, (route) => {
        offers += 1
        return route.abort()
      })
      await say(page, 'Said and closed')
      await clock(other, 'Said and closed').waitFor()
      await eventually(() => offers > 0)
      ana.page = other
      await context.unroute(SENDS)
      await page.close()
      await other.reload()
      await read(other, 'Said and closed').waitFor()
      expect(received().slice(before)).toEqual(['Said and closed'])
    },
    WITHIN_MS,
  )

  test(
    'a server that stays away for a while gets what was said meanwhile, and the banner says what was caught up',
    async () => {
      const { page } = ana
      const before = received().length
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await say(page, 'Are you still there?')
      for (const text of ['Still here', 'And waiting'])
        await stack.simulator.phones.write(CUSTOMER.number, { type: 'text', text })
      await stack.restartServer()
      await page.context().setOffline(false)
      await page.getByText('Connected · 2 new messages').waitFor()
      await read(page, 'Are you still there?').waitFor()
      expect(received().slice(before)).toEqual(['Are you still there?'])
    },
    WITHIN_MS,
  )

  test(
    'signing out warns of what waits, and leaves nothing on the device',
    async () => {
      const { page } = ana
      const before = received().length
      await page.context().route(SENDS, (route) => route.abort())
      await say(page, 'Will be dropped')
      await clock(page, 'Will be dropped').waitFor()
      await page.locator('[data-composer]').fill('A draft of Ana')
      const signOut = async () => {
        await page.getByRole('button', { name: 'account' }).click()
        await page.getByRole('menuitem', { name: 'Sign out' }).click()
        await page.getByText('1 message has not reached the server').waitFor()
      }
      await signOut()
      for (const theme of ['dark', 'light'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
      }
      await keepPicture(page, 'sign-out-warning')
      await page.getByRole('button', { name: 'Stay' }).click()
      await clock(page, 'Will be dropped').waitFor()
      await signOut()
      await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL('**/sign-in')
      expect(await page.evaluate<string[]>('Object.keys(localStorage)')).toEqual(
        expect.not.arrayContaining([expect.stringContaining('draft')]),
      )
      await page.context().unroute(SENDS)
      await page.getByRole('button', { name: /^Ana/ }).click()
      await row(page).click()
      await bubble(page, 'It is oak').waitFor()
      expect(await bubble(page, 'Will be dropped').count()).toBe(0)
      // It was kept on the server, and is Ana's.
      expect(await page.locator('[data-composer]').inputValue()).toBe('A draft of Ana')
      expect(received().length).toBe(before)
    },
    WITHIN_MS,
  )
})
