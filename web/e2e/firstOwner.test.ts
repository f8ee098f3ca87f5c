import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser } from 'playwright-core'
import { openDatabase } from '../../db/client.ts'
import { freePort } from '../../scripts/services/port.ts'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { createLog } from '../../server/log.ts'
import { startServer } from '../../server/start.ts'
import { type TestDatabase, testDatabase } from '../../server/testing/testDatabase.ts'
import { openBrowser } from './browser.ts'
import { expectFineEverywhere } from './looks.ts'

const WITHIN_MS = 120_000

describe('the first owner', () => {
  let stack: Stack
  let database: TestDatabase
  let browser: Browser
  let start: () => ReturnType<typeof startServer>

  beforeAll(async () => {
    ;[stack, database, browser] = await Promise.all([startStack(), testDatabase(), openBrowser()])
    const port = await freePort()
    const place = { databaseUrl: database.url, port, publicUrl: `http://127.0.0.1:${port}`, isDemo: false }
    const number = { phoneNumberId: '106540352242999', businessAccountId: '102290129340999' }
    const env = { ...stack.env, ...place, ...number, roles: ['server' as const] }
    start = () => startServer(env, createLog({ level: 'silent', name: 'first' }))
  }, WITHIN_MS)
  afterAll(async () => {
    await browser?.close()
    await database?.drop()
    await stack?.stop()
  }, WITHIN_MS)

  test(
    'comes in by the link that the server prints, which outlives a restart and works no more afterwards',
    async () => {
      const first = await start()
      const link = first.firstLink ?? ''
      expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/first\/[\w-]{43}$/)
      await first.stop()
      const again = await start()
      expect(again.firstLink).toBe(link)

      const page = await (await browser.newContext()).newPage()
      await page.goto(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`)
      await page.getByText('This link does not work any more').waitFor()
      await page.goto(link)
      await page.getByRole('button', { name: 'Set up the inbox' }).click()
      await page.getByText('Say what your company is called.').waitFor()
      await expectFineEverywhere(page, 'account-first')
      await page.getByLabel('Name of your company or team').fill('Linden & Oak')
      await page.getByLabel('Your name').fill('Olga')
      await page.getByLabel('Email').fill('Olga@Example.com')
      await page.getByLabel('Password').fill('a sentence that only she knows')
      await page.getByRole('button', { name: 'Set up the inbox' }).click()
      await page.getByRole('heading', { name: 'Inbox' }).waitFor()
      const { sql, close } = openDatabase(database.url, { connections: 1 })
      expect(
        await sql`select w.name, c.phone_number_id from channels c join workspaces w on w.id = c.workspace_id`,
      ).toMatchObject([{ name: 'Linden & Oak', phoneNumberId: '106540352242999' }])
      await close()
      await page.goto(`${new URL(link).origin}/settings/people`)
      await page.locator('[data-member="olga@example.com"]').getByText('Owner').waitFor()

      const late = await (await browser.newContext()).newPage()
      await late.goto(link)
      await late.getByText('This link does not work any more').waitFor()
      await late.context().close()
      await page.context().close()
      await again.stop()
      const after = await start()
      expect(after.firstLink).toBeNull()
      await after.stop()
    },
    WITHIN_MS,
  )
})
