import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { codeAt, STEP_S } from '../../server/auth/factors/totp.ts'
import { openBrowser, signInAs } from './browser.ts'
import { expectFineEverywhere } from './looks.ts'

const WITHIN_MS = 60_000
const PASSWORD = 'baton-demo'
const EMAIL = 'ben@demo.baton'

describe('one’s own security in a browser', () => {
  let stack: Stack
  let browser: Browser
  let ben: { page: Page; complaints: string[] }
  /** The key as the page shows it, for the app on the phone. */
  let key = ''
  let recoveryCodes: string[] = []

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    ben = await signInAs(browser, stack.url, EMAIL)
    await ben.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  /** What the app shows. A code opens once: `steps` asks for the one of the half minute before or after. */
  const shown = (steps = 0) => codeAt(bytesOf(key), Math.floor(Date.now() / 1000 / STEP_S) + steps)
  const dialog = (page = ben.page) => page.getByRole('dialog')

  /** A window before the door, with the right password said. */
  async function atTheCode() {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
    const page = await context.newPage()
    await page.goto(`${stack.url}/sign-in`)
    await page.getByLabel('Email').fill(EMAIL)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('heading', { name: 'Enter the code of your app' }).waitFor()
    return page
  }

  async function isIn(page: Page) {
    await page.waitForURL(`${stack.url}/`)
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  }

  test(
    'the settings have a page of one’s own account, and the second factor is off',
    async () => {
      const { page } = ben
      await page.getByRole('navigation', { name: 'Baton' }).getByRole('link', { name: 'Settings' }).click()
      await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Security' }).click()
      await page.getByRole('heading', { name: 'Second factor' }).waitFor()
      await page.getByText('Switched off').waitFor()
      await expectFineEverywhere(page, 'security-off')
    },
    WITHIN_MS,
  )

  test(
    'switching it on takes the password, shows a picture and the key, and says when the code is wrong',
    async () => {
      const { page } = ben
      await page.getByRole('button', { name: 'Switch on…' }).click()
      await dialog().getByLabel('Your password').fill('not the password')
      await page.keyboard.press('Enter')
      await dialog().getByText('This is not your password. Try again.').waitFor()
      await dialog().getByLabel('Your password').fill(PASSWORD)
      await page.keyboard.press('Enter')
      await dialog().getByRole('img', { name: 'QR code' }).waitFor()
      key = (await dialog().getByRole('group', { name: 'Key' }).textContent()) ?? ''
      expect(key).toMatch(/^([A-Z2-7]{1,4} ?)+$/)
      await expectFineEverywhere(page, 'security-picture')
      await dialog().getByLabel('Code of the app').fill('000000')
      await page.keyboard.press('Enter')
      await dialog().getByText('This code is not right').waitFor()
      await dialog().getByLabel('Code of the app').fill(shown())
      await page.keyboard.press('Enter')
      await dialog().getByRole('heading', { name: 'Keep your recovery codes' }).waitFor()
    },
    WITHIN_MS,
  )

  test(
    'the recovery codes are shown once, to copy and to keep as a file',
    async () => {
      const { page } = ben
      const list = dialog().getByRole('list', { name: 'Recovery codes' })
      recoveryCodes = await list.getByRole('listitem').allTextContents()
      expect(recoveryCodes).toHaveLength(10)
      await expectFineEverywhere(page, 'security-codes')
      await dialog().getByRole('button', { name: 'Copy' }).click()
      await dialog().getByText('Copied').waitFor()
      expect(await page.evaluate<string>('navigator.clipboard.readText()')).toBe(recoveryCodes.join('\n'))
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog().getByRole('button', { name: 'Download' }).click(),
      ])
      expect(download.suggestedFilename()).toBe('baton-recovery-codes.txt')
      const file = readFileSync(await download.path(), 'utf8')
      for (const code of recoveryCodes) expect(file).toContain(code)
      expect(file).toContain(EMAIL)
      await page.keyboard.press('Escape')
      expect(await list.isVisible()).toBe(true)
      await dialog().getByRole('button', { name: 'Done' }).click()
      await page.getByText('Switched on').waitFor()
      await page.getByText('10 codes are left.').waitFor()
      await page.reload()
      await page.getByText('Switched on').waitFor()
      const content = await page.content()
      for (const code of recoveryCodes) expect(content).not.toContain(code)
      await expectFineEverywhere(page, 'security-on')
    },
    WITHIN_MS,
  )

  test(
    'signing in asks for the code, says when it is wrong, and lets in with the right one',
    async () => {
      const page = await atTheCode()
      await expectFineEverywhere(page, 'sign-in-code')
      await page.getByLabel('Code').fill('000000')
      await page.keyboard.press('Enter')
      await page.getByText('This code is not right, or it was used already.').waitFor()
      expect(await page.evaluate<string>('document.activeElement.id')).toBe('code')
      // The code that switched it on is used up, and the half minute may be the same.
      await page.getByLabel('Code').fill(shown(1))
      await page.getByRole('button', { name: 'Continue' }).click()
      await isIn(page)
      await page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'a recovery code lets in once, however it is typed',
    async () => {
      const page = await atTheCode()
      await page.getByRole('button', { name: 'Use a recovery code' }).click()
      await page.getByRole('heading', { name: 'Enter a recovery code' }).waitFor()
      await expectFineEverywhere(page, 'sign-in-recovery')
      await page.getByLabel('Recovery code').fill((recoveryCodes[0] ?? '').toUpperCase().replace('-', ' '))
      await page.keyboard.press('Enter')
      await isIn(page)
      await page.goto(`${stack.url}/settings/security`)
      await page.getByText('9 codes are left.').waitFor()
      await page.context().close()
      const again = await atTheCode()
      await again.getByRole('button', { name: 'Use a recovery code' }).click()
      await again.getByLabel('Recovery code').fill(recoveryCodes[0] ?? '')
      await again.keyboard.press('Enter')
      await again.getByText('This recovery code is not right, or it was used already.').waitFor()
      await again.context().close()
    },
    WITHIN_MS,
  )

  test(
    'after five wrong codes the password is asked again',
    async () => {
      const page = await atTheCode()
      for (const code of ['111111', '222222', '333333', '444444', '555555', '666666']) {
        await page.getByLabel('Code').fill(code)
        const answered = page.waitForResponse('**/api/auth/two-factor/verify-totp')
        await page.keyboard.press('Enter')
        await answered
      }
      await page.getByText('There were too many wrong codes. Enter your password again.').waitFor()
      expect(await page.getByLabel('Password').inputValue()).toBe('')
      await page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'new recovery codes and switching off take the password; then the password alone signs in',
    async () => {
      const { page } = ben
      await page.getByRole('button', { name: 'Make new ones…' }).click()
      await dialog().getByLabel('Your password').fill(PASSWORD)
      await page.keyboard.press('Enter')
      const list = dialog().getByRole('list', { name: 'Recovery codes' })
      await list.waitFor()
      const renewed = await list.getByRole('listitem').allTextContents()
      expect(renewed.filter((code) => recoveryCodes.includes(code))).toEqual([])
      await dialog().getByRole('button', { name: 'Done' }).click()
      await page.getByText('10 codes are left.').waitFor()
      await page.getByRole('button', { name: 'Switch off…' }).click()
      await dialog().getByLabel('Your password').fill(PASSWORD)
      await expectFineEverywhere(page, 'security-switch-off')
      await dialog().getByRole('button', { name: 'Switch off' }).click()
      await page.getByText('Switched off').waitFor()
      const alone = await signInAs(browser, stack.url, EMAIL)
      await alone.page.context().close()
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    // The browser writes down every answer that refuses, such as to a wrong password.
    expect(ben.complaints.filter((line) => !line.includes('Failed to load resource'))).toEqual([])
  })
})

/** Base32 as it is typed into an app. */
function bytesOf(key: string): string {
  const signs = [...key.replaceAll(' ', '')]
  const bits = signs.map((sign) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(sign).toString(2).padStart(5, '0'),
  )
  return String.fromCharCode(...(bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
