import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { type OidcProvider, startOidcProvider } from '../../server/testing/oidcProvider.ts'
import { openBrowser, signInAs } from './browser.ts'
import { expectFineEverywhere } from './looks.ts'

const WITHIN_MS = 60_000
const PASSWORD = 'baton-demo'
const EMAIL = 'ben@demo.baton'
/** A phone or a laptop with a finger on it; everything it asks is granted. */
const AUTHENTICATOR = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const

describe('signing in without a password', () => {
  let stack: Stack
  let browser: Browser
  let provider: OidcProvider
  let ben: { page: Page; complaints: string[] }
  /** Passkeys need a name for the host, which 127.0.0.1 is not. */
  let named: string
  let device: CDPSession
  let authenticatorId: string

  beforeAll(async () => {
    provider = startOidcProvider()
    const { issuer, clientId, clientSecret } = provider
    const variables = {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_NAME: 'Linden',
    }
    ;[stack, browser] = await Promise.all([startStack({ variables }), openBrowser()])
    named = stack.url.replace('127.0.0.1', 'localhost')
    ben = await signInAs(browser, named, EMAIL)
    device = await ben.page.context().newCDPSession(ben.page)
    await device.send('WebAuthn.enable')
    ;({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', { options: AUTHENTICATOR }))
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
    provider?.stop()
  }, WITHIN_MS)

  const dialog = () => ben.page.getByRole('dialog')
  const keys = async () => (await device.send('WebAuthn.getCredentials', { authenticatorId })).credentials
  const passkey = (name: string) => ben.page.locator('[data-passkey]', { hasText: name })

  async function isIn(page: Page, url: string) {
    await page.waitForURL(`${url}/`)
    await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  }

  async function signOut(page: Page) {
    await page.context().clearCookies()
    await page.goto(`${named}/sign-in`)
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
  }

  test(
    'a passkey is added with the password, and named',
    async () => {
      const { page } = ben
      await page.goto(`${named}/settings/security`)
      await page.getByText('You have none yet.').waitFor()
      await page.getByRole('button', { name: 'Add a passkey…' }).click()
      await dialog().getByLabel('Your password').fill('not the password')
      await page.keyboard.press('Enter')
      await dialog().getByText('This is not your password. Try again.').waitFor()
      expect(await keys()).toEqual([])
      await dialog().getByLabel('Your password').fill(PASSWORD)
      await dialog().getByLabel('Name').fill('My laptop')
      await expectFineEverywhere(page, 'security-passkey-add')
      await dialog().getByRole('button', { name: 'Add passkey' }).click()
      await passkey('My laptop').waitFor()
      await passkey('My laptop').getByText('Not used yet.').waitFor()
      expect(await keys()).toMatchObject([{ isResidentCredential: true, rpId: 'localhost' }])
      await expectFineEverywhere(page, 'security-passkeys')
    },
    WITHIN_MS,
  )

  test(
    'the same device is not given a second one',
    async () => {
      const { page } = ben
      await page.getByRole('button', { name: 'Add a passkey…' }).click()
      await dialog().getByLabel('Your password').fill(PASSWORD)
      await page.keyboard.press('Enter')
      await dialog().getByText('has a passkey for your account already').waitFor()
      await page.keyboard.press('Escape')
      await dialog().waitFor({ state: 'hidden' })
      expect(await keys()).toHaveLength(1)
    },
    WITHIN_MS,
  )

  test(
    'it signs in from the sign-in page, with neither address nor password',
    async () => {
      const { page } = ben
      await signOut(page)
      await expectFineEverywhere(page, 'sign-in')
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await isIn(page, named)
      await page.goto(`${named}/settings/security`)
      await passkey('My laptop').getByText('Last used at').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a device whose owner does not show who they are opens nothing, and the page says so',
    async () => {
      const { page } = ben
      await signOut(page)
      await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByText('Nothing was done: it was called off, or took too long.').waitFor()
      await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await isIn(page, named)
    },
    WITHIN_MS,
  )

  test(
    'it is renamed, and removed after a question that says what happens; then it opens nothing',
    async () => {
      const { page } = ben
      await page.goto(`${named}/settings/security`)
      await page.getByRole('button', { name: 'Rename My laptop' }).click()
      await dialog().getByLabel('Name').fill('Old laptop')
      await page.keyboard.press('Enter')
      await passkey('Old laptop').waitFor()
      await page.getByRole('button', { name: 'Remove Old laptop' }).click()
      const question = page.getByRole('alertdialog')
      await question.getByText('It opens nothing any more.').waitFor()
      await expectFineEverywhere(page, 'security-passkey-remove')
      await question.getByRole('button', { name: 'Remove passkey' }).click()
      await page.getByText('You have none yet.').waitFor()
      await signOut(page)
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      const refused = page.getByRole('alert').filter({ hasText: /./ })
      await refused.waitFor()
      expect(await refused.textContent()).toContain('This passkey is not known here')
      expect(await keys()).toHaveLength(1)
    },
    WITHIN_MS,
  )

  test(
    'an administrator removes what a colleague has lost, who then signs in with the password alone',
    async () => {
      const { page } = ben
      await page.getByLabel('Email').fill(EMAIL)
      await page.getByLabel('Password').fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await isIn(page, named)
      await page.goto(`${named}/settings/security`)
      await page.getByRole('button', { name: 'Add a passkey…' }).click()
      await dialog().getByLabel('Your password').fill(PASSWORD)
      await dialog().getByLabel('Name').fill('Lost phone')
      await page.keyboard.press('Enter')
      await passkey('Lost phone').waitFor()

      const carla = await signInAs(browser, stack.url, 'carla@demo.baton')
      await carla.page.goto(`${stack.url}/settings/people`)
      await carla.page.getByRole('button', { name: 'Change Ben' }).click()
      await carla.page.getByRole('button', { name: 'Remove both…' }).click()
      await carla.page.getByText('Make sure that it is really they who ask.').waitFor()
      await expectFineEverywhere(carla.page, 'people-factors')
      await carla.page.getByRole('button', { name: 'Remove both', exact: true }).click()
      await carla.page.getByText('Ben signs in with the password alone now.').waitFor()
      expect(carla.complaints).toEqual([])
      await carla.page.context().close()

      await page.waitForURL('**/sign-in*')
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
      await page.getByText('This passkey is not known here').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'an address of numbers has no passkeys, and the page says why',
    async () => {
      const there = await signInAs(browser, stack.url, 'ana@demo.baton')
      await there.page.goto(`${stack.url}/settings/security`)
      await there.page.getByText('This browser can make none here.').waitFor()
      expect(await there.page.getByRole('button', { name: 'Add a passkey…' }).isDisabled()).toBe(true)
      await there.page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'the company’s own sign-in leads back into the inbox, at the page that was asked for',
    async () => {
      const page = await (await browser.newContext()).newPage()
      provider.claims = { sub: 'ana', email: 'ana@demo.baton', email_verified: true, name: 'Ana' }
      await page.goto(`${stack.url}/settings/security`)
      await page.waitForURL('**/sign-in?next=*')
      await page.getByRole('button', { name: 'Sign in with Linden' }).click()
      await page.waitForURL(`${stack.url}/settings/security`)
      await page.getByText('ana@demo.baton').waitFor()
      await page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'whoever does not work here, or whose address nobody vouches for, is told so and what to do',
    async () => {
      const page = await (await browser.newContext()).newPage()
      const tryIt = async (claims: object, words: string) => {
        provider.claims = { sub: crypto.randomUUID(), email_verified: true, ...claims }
        await page.goto(`${stack.url}/sign-in`)
        await page.getByRole('button', { name: 'Sign in with Linden' }).click()
        await page.waitForURL('**/sign-in?*error=*')
        await page.getByText(words).waitFor()
      }
      await tryIt({ email: 'stranger@example.com' }, 'Nobody works here with that email address.')
      await expectFineEverywhere(page, 'sign-in-refused')
      await tryIt({ email: EMAIL, email_verified: false }, 'does not vouch for your email address')
      await page.context().close()
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    expect(ben.complaints.filter((line) => !line.includes('Failed to load resource'))).toEqual([])
  })
})
