import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { openDatabase, type Sql } from '../../db/client.ts'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { openBrowser, signInAs } from './browser.ts'
import { expectFineEverywhere } from './looks.ts'

const WITHIN_MS = 90_000

describe('queues, jobs and what is kept', () => {
  let stack: Stack
  let browser: Browser
  let page: Page
  let complaints: string[]
  let sql: Sql
  let close: () => Promise<void>

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    ;({ sql, close } = openDatabase(stack.databaseUrl, { connections: 2 }))
    ;({ page, complaints } = await signInAs(browser, stack.url, 'carla@demo.baton'))
  }, WITHIN_MS)
  afterAll(async () => {
    await close?.()
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  const card = (title: string) => page.locator(`[data-queue="${title}"]`)

  test(
    'an administrator sees what waits, and it is fresh without a touch',
    async () => {
      stack.simulator.phones.add('Nora Quinn', '16505557788')
      await stack.simulator.phones.write('16505557788', { type: 'text', text: 'Hello' })
      await page.goto(`${stack.url}/settings/queues`)
      await page.getByRole('heading', { name: 'Queues and jobs', level: 1 }).waitFor()
      await card('Deliveries from WhatsApp').getByText('Everything that was delivered is stored.').waitFor()
      await card('Files of customers').getByText('Nothing to do.').waitFor()
      await expectFineEverywhere(page, 'queues')
      // Given up, as after a thousand tries; it names no file that there is.
      await sql`
        insert into pgboss.job (name, data, state, retry_limit, retry_count, completed_on, output, keep_until)
        values ('media.download', ${sql.json({ mediaId: Bun.randomUUIDv7() })}, 'failed', 3, 3, now(),
          ${sql.json({ message: 'The store is full' })}, now() + interval '1 day')`
      await card('Files of customers').getByText('1 failed for good.').waitFor()
      await card('Files of customers').getByText('The store is full').waitFor()
      await expectFineEverywhere(page, 'queues-failed')
    },
    WITHIN_MS,
  )

  test(
    'and has what failed tried again',
    async () => {
      await card('Files of customers').getByRole('button', { name: 'Try again' }).click()
      await page.getByText('1 job is tried again.').waitFor()
      await card('Files of customers').getByText('Nothing to do.').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'who may not is told so',
    async () => {
      const ana = await signInAs(browser, stack.url, 'ana@demo.baton')
      await ana.page.goto(`${stack.url}/settings/queues`)
      await ana.page.getByText('Queues and jobs are for administrators').waitFor()
      await ana.page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'how long a channel keeps messages is chosen on its page, with a word about what that does',
    async () => {
      await page.goto(`${stack.url}/settings/channels`)
      await page.getByRole('link', { name: 'Support' }).first().click()
      await page.getByLabel('Keep messages').selectOption({ label: '90 days' })
      await page.getByText('It cannot be brought back.').waitFor()
      await expectFineEverywhere(page, 'retention')
      await page.getByRole('button', { name: 'Save settings' }).click()
      await page.getByText('Saved.', { exact: true }).waitFor()
      const keeps = async () =>
        (await sql<{ days: number | null }[]>`select retention_days as days from channels`)[0]
      await eventually(async () => (await keeps())?.days === 90)
      await page.getByLabel('Keep messages').selectOption({ label: 'For ever' })
      await page.getByRole('button', { name: 'Save settings' }).click()
      await eventually(async () => (await keeps())?.days === null)
      expect(complaints).toEqual([])
    },
    WITHIN_MS,
  )
})
