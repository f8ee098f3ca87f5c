import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { openBrowser, signInAs } from './browser.ts'
import { expectFineEverywhere } from './looks.ts'

const WITHIN_MS = 90_000

describe('people, teams and roles in a browser', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let complaints: string[]
  let link = ''

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    ;({ page, complaints } = await signInAs(browser, stack.url, 'carla@demo.baton'))
  }, WITHIN_MS)
  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  const looksFine = (name: string, shown = page) => expectFineEverywhere(shown, `people-${name}`)
  const member = (email: string) => page.locator(`[data-member="${email}"]`)
  const open = async (path: string, heading: string) => {
    await page.goto(`${stack.url}/settings/${path}`)
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
  }

  test(
    'an administrator invites somebody, who sets a password and is in the inbox',
    async () => {
      await open('people', 'People')
      await member('ana@demo.baton').waitFor()
      await looksFine('list')
      await page.getByRole('button', { name: 'Invite' }).click()
      await page.getByLabel('E-mail address').fill('nina@example.com')
      await page.getByLabel('Support').check()
      await looksFine('invite')
      await page.getByRole('button', { name: 'Make the link' }).click()
      link = (await page.locator('[data-one-time-link]').innerText()).trim()
      await page.getByRole('button', { name: 'Done' }).click()
      await page.locator('[data-invite="nina@example.com"]').waitFor()

      const context = await browser.newContext()
      const nina = await context.newPage()
      await nina.goto(link)
      await nina.getByRole('heading', { name: /Join/ }).waitFor()
      await nina.getByRole('button', { name: 'Join' }).click()
      await nina.getByText('Use at least 10 characters.').waitFor()
      await looksFine('accept', nina)
      await nina.getByLabel('Your name').fill('Nina')
      await nina.getByLabel('Password').fill('a sentence that only she knows')
      await nina.getByRole('button', { name: 'Join' }).click()
      await nina.waitForURL(`${stack.url}/`)
      await nina.locator('[data-conversation]').first().waitFor()
      await context.close()

      const late = await browser.newPage()
      await late.goto(link)
      await late.getByText('This link does not work any more').waitFor()
      await late.close()
    },
    WITHIN_MS,
  )

  test(
    'several are changed together, and one is deactivated after a question that names what happens',
    async () => {
      await open('people', 'People')
      await member('nina@example.com').waitFor()
      await page.getByLabel('Choose Nina').check()
      await page.getByLabel('Choose Ben').check()
      await page.getByRole('button', { name: 'Change chosen…' }).click()
      await page.getByLabel('Role', { exact: true }).selectOption({ label: 'Supervisor' })
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('2 people are changed.').waitFor()
      await member('nina@example.com').getByText('Supervisor').waitFor()
      await member('ben@demo.baton').getByText('Supervisor').waitFor()

      await page.getByRole('searchbox', { name: /Find by name/ }).fill('nina')
      expect(await page.locator('[data-member]').count()).toBe(1)
      await page.getByRole('button', { name: 'Change Nina' }).click()
      await page.getByRole('button', { name: 'Deactivate…' }).click()
      await page.getByText('Nina is signed out everywhere at once').waitFor()
      await looksFine('deactivate')
      await page.getByRole('button', { name: 'Deactivate', exact: true }).click()
      await member('nina@example.com').getByText('Deactivated: cannot sign in').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a team is made and removed, a role is made and given, and the log tells of all of it',
    async () => {
      await open('teams', 'Teams')
      await page.locator('[data-team="Support"]').waitFor()
      await page.getByRole('button', { name: 'New team' }).click()
      await page.getByLabel('Name', { exact: true }).fill('Night shift')
      await page.getByLabel('Dan').check()
      await looksFine('team')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.locator('[data-team="Night shift"]').waitFor()
      await looksFine('teams')
      await page.getByRole('button', { name: 'How Night shift gets its conversations' }).click()
      await page.getByLabel('Given to agents').selectOption({ label: 'In turns' })
      await page.getByLabel('Minutes to answer').fill('15')
      await looksFine('rule')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('How Night shift gets its conversations is saved.').waitFor()
      await page.getByRole('button', { name: 'Change team Night shift' }).click()
      await page.getByRole('button', { name: 'Remove…' }).click()
      await page.getByRole('button', { name: 'Remove team' }).click()
      await page.getByText('The team Night shift is removed.').waitFor()

      await open('roles', 'Roles')
      await page.getByRole('button', { name: 'New role' }).click()
      await page.getByLabel('Name', { exact: true }).fill('Auditor')
      await page.getByLabel('Read the audit log').check()
      await looksFine('role')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.locator('[data-role="Auditor"]').waitFor()
      await looksFine('roles')

      await open('audit', 'Audit log')
      for (const action of [
        'role.created',
        'team.removed',
        'team.created',
        'person.deactivated',
        'invite.accepted',
      ])
        await page.locator(`[data-action="${action}"]`).first().waitFor()
      await page.getByLabel('What', { exact: true }).selectOption({ label: 'Removed a team' })
      await page.locator('[data-action="role.created"]').waitFor({ state: 'detached' })
      expect(await page.locator('[data-action]').count()).toBe(1)
      await looksFine('audit')
      const downloading = page.waitForEvent('download')
      await page.getByRole('button', { name: 'Export CSV' }).click()
      expect((await downloading).suggestedFilename()).toMatch(/^audit-.*\.csv$/)
    },
    WITHIN_MS,
  )

  test(
    'who may not see these pages is told so, and the browser complained of nothing',
    async () => {
      const ana = await signInAs(browser, stack.url, 'ana@demo.baton')
      for (const [path, heading] of [
        ['people', 'People'],
        ['roles', 'Roles'],
        ['audit', 'The audit log entries'],
      ] as const) {
        await ana.page.goto(`${stack.url}/settings/${path}`)
        await ana.page.getByRole('heading', { name: heading, level: 1 }).waitFor({ state: 'attached' })
        await ana.page.getByText('are for administrators').waitFor()
      }
      expect([...complaints, ...ana.complaints]).toEqual([])
    },
    WITHIN_MS,
  )
})
