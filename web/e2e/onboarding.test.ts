import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { openDatabase } from '../../db/client.ts'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { createPasswordHash } from '../../server/auth/password.ts'
import { createAgent } from '../../server/inbox/createAgent.ts'
import { createWorkspace } from '../../server/inbox/createWorkspace.ts'
import { accessibilityViolations, keepPicture, openBrowser, showTheme, signInAs } from './browser.ts'

const WITHIN_MS = 60_000

describe('the first hour of an administrator', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let workspaceId = ''

  const invite = async (email: string, name: string, role: 'administrator' | 'agent') => {
    const { sql, close } = openDatabase(stack.databaseUrl, { connections: 1 })
    const passwordHash = await createPasswordHash('baton-demo')
    await sql.begin((tx) => createAgent(tx, { workspaceId, email, name, role, passwordHash }))
    await close()
  }

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    const { sql, close } = openDatabase(stack.databaseUrl, { connections: 1 })
    ;({ workspaceId } = await sql.begin((tx) =>
      createWorkspace(tx, { name: 'New and empty', teamName: 'Support', channel: null }),
    ))
    await close()
    await invite('first@new.example', 'Frida First', 'administrator')
    ;({ page } = await signInAs(browser, stack.url, 'first@new.example'))
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  const card = () => page.locator('[data-first-hour]')
  const step = (id: string) => card().locator(`[data-step=${id}]`)

  test(
    'an empty inbox says what to do first, and ticks what was done elsewhere',
    async () => {
      await card().getByText('0 of 4 done').waitFor()
      await keepPicture(page, 'first-hour')
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
      }
      await invite('second@new.example', 'Sam Second', 'agent')
      await page.reload()
      await card().getByText('1 of 4 done').waitFor()
      await step('people').getByText('(done)').waitFor({ state: 'attached' })
    },
    WITHIN_MS,
  )

  test(
    'an agent who could do nothing about it is not told',
    async () => {
      const { page: second } = await signInAs(browser, stack.url, 'second@new.example')
      await second.getByText('No conversation is open').waitFor()
      expect(await second.locator('[data-first-hour]').count()).toBe(0)
    },
    WITHIN_MS,
  )

  test(
    'put aside, it stays away on this device',
    async () => {
      await card().getByRole('button', { name: 'Put aside' }).click()
      await page.getByText('No conversation is open').waitFor()
      await page.reload()
      await page.getByText('No conversation is open').waitFor()
      expect(await card().count()).toBe(0)
    },
    WITHIN_MS,
  )
})
