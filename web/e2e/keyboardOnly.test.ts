import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import postgres from 'postgres'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations } from './browser.ts'
import { bubble, CUSTOMER, type Desk, sitDown } from './desk.ts'

const WITHIN_MS = 60_000

describe('the whole job without a mouse', () => {
  let desk: Desk
  let page: Page
  let sql: postgres.Sql
  let threadUrl: string

  beforeAll(async () => {
    desk = await sitDown()
    page = desk.page
    threadUrl = page.url()
    sql = postgres(desk.stack.databaseUrl, { max: 1, onnotice: () => {} })
    await sql`insert into labels (id, workspace_id, name, colour) select ${Bun.randomUUIDv7()}, id, 'Furniture', 'green' from workspaces`
    await sql`
      insert into canned_replies (id, workspace_id, shortcut, title, body)
      select ${Bun.randomUUIDv7()}, id, 'thanks', 'Thank you', 'Thank you, {{contact.first_name}}, says {{agent.first_name}}.' from workspaces`
    await page.goto(desk.stack.url)
    await page.locator('[data-conversation]').first().waitFor()
    // From here on nothing is pointed at.
    await page.mouse.move(0, 0)
  }, WITHIN_MS)

  afterAll(async () => {
    await sql?.end()
    await desk?.stop()
  }, WITHIN_MS)

  const press = (key: string) => page.keyboard.press(key)
  const type = (words: string) => page.keyboard.type(words)
  /** Opens the palette and types into it; what is pressed next finds it settled. */
  const seek = async (words: string) => {
    await press('Control+k')
    await page.locator('[data-palette] input:focus').waitFor()
    await type(words)
    await eventually(async () => (await page.locator('[data-palette] input').inputValue()) === words)
    await page.locator('[data-palette] [role=option][aria-selected=true]').waitFor()
  }
  const toast = (words: string) => page.locator('.toast', { hasText: words }).waitFor()
  const work = async () => {
    const [found] = await sql<{ status: string; assignee: string | null; labels: string[] }[]>`
      select c.status, a.name as assignee, array(select l.name from labels l where l.id = any(c.label_ids)) as labels
      from conversations c join contacts p on p.id = c.contact_id left join agents a on a.id = c.assignee_id
      where p.name = ${CUSTOMER.name}`
    return found
  }

  test(
    'a conversation is found, taken, answered, noted, labelled, snoozed, woken and resolved',
    async () => {
      await seek('quinn')
      await page.getByRole('option', { name: CUSTOMER.name }).waitFor()
      await press('Enter')
      await page.waitForURL(threadUrl)
      await page.locator('[data-composer]').waitFor()

      await press('a')
      await toast(`${CUSTOMER.name} is assigned to you.`)

      await press('r')
      await page.locator('[data-composer]:focus').waitFor()
      await type('It is, and it can be yours on Friday.')
      await press('Enter')
      await bubble(page, 'yours on Friday').locator('[data-status=read]').waitFor()
      expect(
        desk
          .received()
          .map((message) => JSON.stringify(message))
          .join(),
      ).toContain('yours on Friday')

      await seek('put in a canned')
      await press('Enter')
      await page.locator('[data-palette=canned]').waitFor()
      await type('thanks')
      await page.getByRole('option', { name: 'Thank you' }).waitFor()
      await press('Enter')
      await eventually(
        async () => (await page.locator('[data-composer]').inputValue()) === 'Thank you, Nora, says Ana.',
      )
      await page.locator('[data-composer]:focus').waitFor()
      await press('Control+a')
      await press('Delete')

      await press('Escape')
      await press('n')
      await page.locator('#composer-note[aria-selected=true]').waitFor()
      await type('She wants the oak one')
      await press('Enter')
      await bubble(page, 'She wants the oak one').waitFor()
      expect(
        desk
          .received()
          .map((message) => JSON.stringify(message))
          .join(),
      ).not.toContain('oak one')

      await press('Escape')
      await press('l')
      await page.getByRole('option', { name: 'Furniture' }).waitFor()
      await press('Enter')
      await toast(`${CUSTOMER.name} is labelled “Furniture”.`)
      await press('Escape')
      await page.locator('[data-popover-content]').waitFor({ state: 'detached' })

      await seek('snooze')
      await press('Enter')
      await page.locator('[data-palette=snooze]').waitFor()
      await type('until')
      await press('Enter')
      await toast(`The conversation with ${CUSTOMER.name} sleeps until the customer writes.`)
      await press('z')
      await page.waitForURL(threadUrl)
      await page.getByRole('button', { name: 'Resolve' }).waitFor()

      await press('e')
      await toast(`The conversation with ${CUSTOMER.name} is resolved.`)
      await eventually(async () => (await work())?.status === 'resolved')
      expect(await work()).toEqual({ status: 'resolved', assignee: 'Ana', labels: ['Furniture'] })
      expect(await accessibilityViolations(page)).toEqual([])
    },
    WITHIN_MS,
  )

  test(
    'what is found by search is opened and put back to work by its own keys',
    async () => {
      await page.locator('[data-palette]').waitFor({ state: 'detached' })
      await press('Escape')
      await eventually(async () => {
        await press('/')
        return (await page.getByRole('searchbox').count()) === 1
      })
      const hit = page.locator('[data-hit]', { hasText: 'oak table' })
      await eventually(
        async () => {
          await page.getByRole('searchbox').fill('')
          await type('oak table')
          await page.locator('[data-hit]').or(page.getByText('Nothing was found')).first().waitFor()
          return (await hit.count()) === 1
        },
        { withinMs: 20_000 },
      )
      await press('ArrowDown')
      await press('Enter')
      await page.waitForURL(/\/c\/[\w-]+\?at=/)
      await bubble(page, 'oak table').waitFor()
      await press('e')
      await toast(`The conversation with ${CUSTOMER.name} is open again.`)
      await seek('theme')
      await press('Enter')
      await page.locator('[data-palette=theme]').waitFor()
      await press('Backspace')
      await page.locator('[data-palette=all]').waitFor()
      await press('Escape')
      await page.locator('[data-palette]').waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    expect(desk.complaints).toEqual([])
  })
})
