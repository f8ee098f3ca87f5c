import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import postgres from 'postgres'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, showTheme, signInAs } from './browser.ts'
import { bubble, CUSTOMER, type Desk, lineBelow, openConversation, say, sitDown } from './desk.ts'

const WITHIN_MS = 60_000

describe('messages that do not arrive, in a browser', () => {
  let desk: Desk
  let sql: postgres.Sql

  beforeAll(async () => {
    desk = await sitDown()
    sql = postgres(desk.stack.databaseUrl, { max: 1, onnotice: () => {} })
  }, WITHIN_MS)

  afterAll(async () => {
    await sql?.end()
    await desk?.stop()
  }, WITHIN_MS)

  const next = (plan: { code: number } | { fault: 'reset-before-reply' }) =>
    desk.stack.simulator.faults.next({ ...plan, number: CUSTOMER.number })
  const rail = (name: RegExp) => desk.page.getByRole('link', { name })
  const texts = () => desk.received().map(({ content }) => content.body)

  test(
    'a message that failed says what happened, and another try really sends it',
    async () => {
      const { page } = desk
      next({ code: 132069 })
      await say(page, 'It is still here')
      await lineBelow(page, 'It is still here').getByText('(132069)').waitFor()
      expect(texts()).toEqual([])
      await keepPicture(page, 'failed-try-again')
      await lineBelow(page, 'It is still here').getByRole('button', { name: 'Try again' }).click()
      await bubble(page, 'It is still here').locator('[data-status=read]').waitFor()
      await lineBelow(page, 'It is still here').waitFor({ state: 'detached' })
      expect(texts()).toEqual(['It is still here'])
    },
    WITHIN_MS,
  )

  test(
    'a message that WhatsApp did not accept goes back to the composer, is changed and sent',
    async () => {
      const { page } = desk
      next({ code: 131009 })
      await say(page, 'With a fault')
      await lineBelow(page, 'With a fault').getByRole('button', { name: 'Edit and send' }).click()
      expect(await page.locator('[data-composer]').inputValue()).toBe('With a fault')
      await say(page, 'Without one')
      await bubble(page, 'Without one').locator('[data-status=read]').waitFor()
      await lineBelow(page, 'With a fault').waitFor({ state: 'detached' })
      expect(texts()).toEqual(['It is still here', 'Without one'])
    },
    WITHIN_MS,
  )

  test(
    'what nobody knows is offered after two minutes, and sent again when the agent says so',
    async () => {
      const { page } = desk
      next({ fault: 'reset-before-reply' })
      await say(page, 'Did you get this?')
      await lineBelow(page, 'Did you get this?').getByText('may or may not have been sent').waitFor()
      expect(await lineBelow(page, 'Did you get this?').getByRole('button').count()).toBe(0)
      const passed = await sql`update outbox set due_at = now() - interval '1 second' where state = 'unknown'`
      expect(passed.count).toBe(1)
      await page.reload()
      await lineBelow(page, 'Did you get this?').getByText('We don’t know whether it arrived').waitFor()
      await keepPicture(page, 'not-known')
      await lineBelow(page, 'Did you get this?').getByRole('button', { name: 'Send again' }).click()
      await bubble(page, 'Did you get this?').locator('[data-status=read]').waitFor()
      expect(texts().filter((text) => text === 'Did you get this?')).toHaveLength(1)
    },
    WITHIN_MS,
  )

  test(
    'what did not arrive is listed, counted in the rail, and can be put aside',
    async () => {
      const { page } = desk
      await sql`update messages set dismissed_at = now() where status in ('failed', 'unknown')`
      next({ code: 131049 })
      await say(page, 'Held back')
      // The count may still be that of before.
      await lineBelow(page, 'Held back').getByText('(131049)').waitFor()
      await rail(/^Not delivered, 1$/).click()
      const listed = page.locator('[data-troubled]', { hasText: 'Held back' })
      await listed.getByText('(131049)').waitFor()
      for (const theme of ['dark', 'light'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
        await keepPicture(page, `not-delivered-${theme}`)
      }
      await page.getByRole('button', { name: /^Not known/ }).click()
      await page.getByText('Nothing is uncertain').waitFor()
      await page.getByRole('button', { name: /^All/ }).click()
      await listed.getByRole('button', { name: 'Dismiss' }).click()
      await listed.getByText('Put aside').waitFor()
      await rail(/^Not delivered$/).waitFor()
      await page.reload()
      await page.getByText('Everything arrived').waitFor()
      await rail(/^Inbox/).click()
      await openConversation(page)
    },
    WITHIN_MS,
  )

  test(
    'a channel that stopped says so across the inbox, and an administrator resumes it',
    async () => {
      const { page, stack, browser } = desk
      stack.simulator.token.expire()
      await say(page, 'Waits for the token')
      await page.getByText('Support cannot send').waitFor()
      expect(await page.getByRole('button', { name: 'Resume' }).count()).toBe(0)
      const carla = await signInAs(browser, stack.url, 'carla@demo.baton')
      await carla.page.getByText('What you send waits in line').waitFor()
      expect(await accessibilityViolations(carla.page)).toEqual([])
      await keepPicture(carla.page, 'channel-stopped')
      stack.simulator.token.restore()
      await carla.page.getByRole('button', { name: 'Resume' }).click()
      await bubble(page, 'Waits for the token').locator('[data-status=read]').waitFor()
      await page.getByText('Support cannot send').waitFor({ state: 'detached' })
      await carla.page.context().close()
    },
    WITHIN_MS,
  )

  test(
    // The last one that sends: the whole account waits then.
    'a message that WhatsApp puts off says when it is tried again, and can be cancelled',
    async () => {
      const { page } = desk
      next({ code: 80007 })
      await say(page, 'Put off')
      await lineBelow(page, 'Put off')
        .getByText(/Next try \d\d:\d\d/)
        .waitFor()
      await keepPicture(page, 'put-off')
      await lineBelow(page, 'Put off').getByRole('button', { name: 'Cancel' }).click()
      await lineBelow(page, 'Put off').getByText('Cancelled before it was sent').waitFor()
      expect(texts()).not.toContain('Put off')
    },
    WITHIN_MS,
  )

  test('nothing reached the customer twice, and the page complained about nothing', async () => {
    await eventually(() => texts().length > 0)
    expect(new Set(texts()).size).toBe(texts().length)
    expect(desk.complaints).toEqual([])
  })
})
