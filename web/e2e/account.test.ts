import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { enter } from '../../scripts/testing/browserRequest.ts'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { openBrowser, signInAs } from './browser.ts'
import { expectFineEverywhere } from './looks.ts'

const WITHIN_MS = 120_000
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1'
const NEW_PASSWORD = 'a sentence that only she knows'

describe('sessions and passwords in a browser', () => {
  let stack: Stack
  let browser: Browser
  let ana: Page
  let complaints: string[]

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    ;({ page: ana, complaints } = await signInAs(browser, stack.url, 'ana@demo.baton'))
  }, WITHIN_MS)
  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  const looksFine = (name: string, shown = ana) => expectFineEverywhere(shown, `account-${name}`)
  const others = (page: Page) => page.locator('[data-session="other"]')
  const openSecurity = async (page: Page) => {
    await page.goto(`${stack.url}/settings/security`)
    await page.locator('[data-session="this"]').waitFor()
  }

  test(
    'one sees where one is signed in, ends one session, and the tab there is at the sign-in page',
    async () => {
      await enter(stack.url, 'ana@demo.baton', 'baton-demo', { userAgent: IPHONE, from: '203.0.113.9' })
      const { page: elsewhere } = await signInAs(browser, stack.url, 'ana@demo.baton')
      await openSecurity(ana)
      await ana.getByText('Safari on iPhone').waitFor()
      await ana.getByText('From the network 203.0.113.0/24').waitFor()
      expect(await others(ana).count()).toBe(2)
      await looksFine('security')
      await others(ana)
        .filter({ hasText: 'Chrome' })
        .getByRole('button', { name: /^End the session/ })
        .click()
      await elsewhere.waitForURL('**/sign-in**')
      await others(ana).filter({ hasText: 'Chrome' }).waitFor({ state: 'detached' })
      await elsewhere.context().close()
    },
    WITHIN_MS,
  )

  test(
    'the others are ended together, after a question that says what happens',
    async () => {
      await enter(stack.url, 'ana@demo.baton', 'baton-demo')
      await openSecurity(ana)
      await ana.getByRole('button', { name: 'End all others…' }).click()
      await looksFine('end-others')
      await ana.getByRole('alertdialog').getByRole('button', { name: 'End all others' }).click()
      await ana.getByText('You are signed in nowhere else.').waitFor()
      expect(await others(ana).count()).toBe(0)
    },
    WITHIN_MS,
  )

  test(
    'the password is changed with the old one, and this tab goes on without a reload',
    async () => {
      await openSecurity(ana)
      await ana.evaluate('window.isSamePage = true')
      await ana.getByRole('button', { name: 'Change password…' }).click()
      await ana.getByLabel('Your present password').fill('not the password')
      await ana.getByLabel('Your new password').fill('short')
      await ana.getByText('Use at least 10 characters.').waitFor()
      await ana.getByLabel('Your new password').fill(NEW_PASSWORD)
      const save = ana.getByRole('dialog').getByRole('button', { name: 'Change password' })
      await save.click()
      await ana.getByText('This is not your present password.').waitFor()
      await looksFine('change-password')
      await ana.getByLabel('Your present password').fill('baton-demo')
      await save.click()
      await ana.getByText('Your password is changed.').waitFor()
      await ana.locator('[data-session="this"]').waitFor()
      await ana.getByRole('link', { name: 'Preferences' }).click()
      await ana.getByRole('heading', { name: 'Preferences', level: 1 }).waitFor()
      expect(await ana.evaluate<unknown>('window.isSamePage')).toBe(true)
    },
    WITHIN_MS,
  )

  test(
    'another role changes what one sees at once, and nobody is signed out by it',
    async () => {
      const { page: carla } = await signInAs(browser, stack.url, 'carla@demo.baton')
      await openSecurity(ana)
      expect(await ana.getByRole('link', { name: 'Labels' }).count()).toBe(0)
      const before = (await ana.context().cookies()).find(({ name }) => name === 'baton')?.value
      await carla.goto(`${stack.url}/settings/people`)
      await carla.getByRole('button', { name: 'Change Ana' }).click()
      await carla.getByLabel('Role', { exact: true }).selectOption({ label: 'Supervisor' })
      await carla.getByRole('button', { name: 'Save' }).click()
      await ana.getByRole('link', { name: 'Labels' }).waitFor()
      const after = (await ana.context().cookies()).find(({ name }) => name === 'baton')?.value
      expect(after).toBeTruthy()
      expect(after).not.toBe(before)
      await ana.reload()
      await ana.locator('[data-session="this"]').waitFor()
      await carla.context().close()
    },
    WITHIN_MS,
  )

  test(
    'who forgot the password is told whom to ask; the link of an administrator sets a new one, once',
    async () => {
      const visitor = await (await browser.newContext()).newPage()
      await visitor.goto(`${stack.url}/sign-in`)
      await visitor.getByRole('link', { name: 'Forgot your password?' }).click()
      await visitor.getByText('Ask the owner or an administrator').waitFor()
      await looksFine('forgot', visitor)

      const { page: carla } = await signInAs(browser, stack.url, 'carla@demo.baton')
      await carla.goto(`${stack.url}/settings/people`)
      await carla.getByRole('button', { name: 'Change Ana' }).click()
      await carla.getByRole('button', { name: 'New password…' }).click()
      await looksFine('link-asked', carla)
      await carla.getByRole('button', { name: 'Make the link' }).click()
      const link = (await carla.locator('[data-one-time-link]').innerText()).trim()
      await looksFine('link', carla)
      await carla.getByRole('button', { name: 'Done' }).click()

      await visitor.goto(link)
      await visitor.getByText('For Ana, ana@demo.baton').waitFor()
      await visitor.getByRole('button', { name: 'Set the password' }).click()
      await visitor.getByText('Use at least 10 characters.').waitFor()
      await looksFine('reset', visitor)
      await visitor.getByLabel('Your new password').fill('another sentence of hers')
      await visitor.getByRole('button', { name: 'Set the password' }).click()
      await visitor.getByText('Your new password is set').waitFor()
      await looksFine('reset-done', visitor)
      await ana.waitForURL('**/sign-in**')
      await visitor.getByRole('link', { name: 'Go to sign-in' }).click()
      await visitor.getByLabel('Email').fill('ana@demo.baton')
      await visitor.getByLabel('Password').fill('another sentence of hers')
      await visitor.getByRole('button', { name: 'Sign in', exact: true }).click()
      await visitor.getByRole('heading', { name: 'Inbox' }).waitFor()
      await visitor.goto(link)
      await visitor.getByText('This link does not work any more').waitFor()

      await carla.goto(`${stack.url}/settings/audit`)
      await carla.locator('[data-action="password.reset"]').waitFor()
      const signedIn = carla.locator('[data-action="sign_in.done"]').first()
      await signedIn.getByText('With the password').waitFor()
      await looksFine('audit', carla)
      await visitor.context().close()
      await carla.context().close()
    },
    WITHIN_MS,
  )

  test('the pages complained of nothing but of what was refused', () => {
    expect(complaints.filter((line) => !line.includes('400'))).toEqual([])
  })
})
