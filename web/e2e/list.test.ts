import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import postgres from 'postgres'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, callAs, keepPicture, openBrowser, showTheme, signInAs } from './browser.ts'
import { manyConversations } from './manyConversations.ts'

const WITHIN_MS = 60_000
const MANY = 3_000
const DESK = { width: 1440, height: 900 }
const PHONE = { width: 390, height: 844 }

const rows = (page: Page) => page.locator('[data-index]')
const row = (page: Page, name: string) => page.locator('[data-conversation]', { hasText: name })
/** As text: this runs in the page, and the types of a page are not known here. */
const scrollTo = (page: Page, top: string) =>
  page.evaluate(
    `(({ scrollHeight }, list) => { list.scrollTop = ${top} })(...Array(2).fill(document.querySelector('[data-scroll=list]')))`,
  )
const namesOf = (page: Page) => page.locator('[data-index] .name').allTextContents()

async function namesAre(page: Page, names: readonly string[]) {
  await eventually(async () => {
    expect(await namesOf(page)).toEqual([...names])
    return true
  })
}

/** Chooses a view, by its tab or, where it does not fit, in the menu of all views. */
async function show(page: Page, view: string, label: string) {
  const tab = page.locator(`[data-view=${view}]`)
  if (await tab.isVisible()) return tab.click()
  await page.locator('[data-act=views]').click()
  await page.getByRole('menuitem', { name: label }).click()
}

/** The number beside a view, from the menu that names them all. */
async function countOf(page: Page, label: string): Promise<string> {
  await page.locator('[data-act=views]').click()
  const words = await page.getByRole('menuitem', { name: label, exact: false }).first().textContent()
  await page.keyboard.press('Escape')
  return (words ?? '').replace(label, '').trim()
}

async function counted(page: Page, label: string, count: string) {
  await eventually(
    async () => {
      expect(`${label} ${await countOf(page, label)}`).toBe(`${label} ${count}`)
      return true
    },
    { withinMs: 15_000 },
  )
}

async function filterBy(page: Page, words: string) {
  await page.locator('[data-act=filter]').click()
  await page.getByRole('combobox', { name: 'Filter by' }).fill(words)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
}

describe('the list of conversations', () => {
  let stack: Stack
  let browser: Browser
  let sql: postgres.Sql
  let ana: { page: Page; complaints: string[] }

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => {} })
    await sql`update conversations set status = 'resolved', unread_count = 0`
    for (let index = 1; index <= 8; index++) {
      stack.simulator.phones.add(`Customer ${index}`, `1650555000${index}`)
      await stack.simulator.phones.write(`1650555000${index}`, { type: 'text', text: `Question ${index}` })
    }
    ana = await signInAs(browser, stack.url, 'ana@demo.baton')
    ana.page.setDefaultTimeout(8_000)
    await row(ana.page, 'Customer 8').waitFor()
  }, WITHIN_MS)

  afterAll(async () => {
    await sql?.end()
    await browser?.close()
    await stack?.stop()
  }, WITHIN_MS)

  /** The names of those who wait, as the database has them. */
  const newestFirst = async () => {
    const found = await sql<{ name: string }[]>`
      select contact.name from conversations c join contacts contact on contact.id = c.contact_id
      where c.status = 'open' order by c.last_position desc, c.id desc`
    return found.map(({ name }) => name)
  }
  const write = (customer: number, text: string) =>
    stack.simulator.phones.write(`1650555000${customer}`, { type: 'text', text })

  test(
    'views hold what they say, and their counts follow what happens',
    async () => {
      const { page } = ana
      await counted(page, 'Unassigned', '8')
      await counted(page, 'Mine', '0')
      await show(page, 'mine', 'Mine')
      await page.getByText('Nothing is assigned to you').waitFor()
      expect(page.url()).toContain('view=mine')
      const [me] = await sql<{ id: string }[]>`select id from agents where email = 'ana@demo.baton'`
      await page.getByRole('button', { name: 'Show what nobody has taken' }).click()
      await row(page, 'Customer 3').click()
      await page.locator('[data-composer]').waitFor()
      expect(page.url()).toContain('view=unassigned')
      const id = await row(page, 'Customer 3').getAttribute('data-conversation')
      await callAs(page, 'conversations.assign', { conversationId: id, assigneeId: me?.id })
      await counted(page, 'Mine', '1')
      await counted(page, 'Unassigned', '7')
      await show(page, 'mine', 'Mine')
      await row(page, 'Customer 3').waitFor()
      expect(await rows(page).count()).toBe(1)
    },
    WITHIN_MS,
  )

  test(
    'a note that mentions somebody puts the conversation among their mentions',
    async () => {
      const ben = await signInAs(browser, stack.url, 'ben@demo.baton')
      await counted(ben.page, 'Mentions', '0')
      await show(ben.page, 'mentions', 'Mentions')
      await ben.page.getByText('Nobody has mentioned you').waitFor()
      const [agent] = await sql<{ id: string }[]>`select id from agents where email = 'ben@demo.baton'`
      await show(ana.page, 'all', 'All')
      const id = await row(ana.page, 'Customer 5').getAttribute('data-conversation')
      const note = {
        conversationId: id,
        clientMessageId: Bun.randomUUIDv7(),
        text: '@Ben, yours?',
        mentions: [agent?.id],
      }
      await callAs(ana.page, 'notes.add', note)
      await row(ben.page, 'Customer 5').waitFor()
      await counted(ben.page, 'Mentions', '1')
      await ben.page.reload()
      await row(ben.page, 'Customer 5').waitFor()
      expect(await rows(ben.page).count()).toBe(1)
      await row(ben.page, 'Customer 5').click()
      await ben.page.locator('[data-composer]').waitFor()
      await counted(ben.page, 'Mentions', '0')
      await ben.page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'a filter and an order stand in the address, outlive a reload and an opened conversation, and can be gone back from',
    async () => {
      const { page } = ana
      await page.goto(stack.url)
      await row(page, 'Customer 8').waitFor()
      const before = await namesOf(page)
      await filterBy(page, 'Ana')
      await page.locator('[data-filter]').waitFor()
      await namesAre(page, ['Customer 3'])
      await row(page, 'Customer 3').click()
      await page.locator('[data-composer]').waitFor()
      expect(page.url()).toMatch(/\/c\/.*agent=/)
      await page.reload()
      await row(page, 'Customer 3').waitFor()
      expect(await rows(page).count()).toBe(1)
      await page.keyboard.press('Escape')
      await page.waitForURL((url) => url.pathname === '/' && url.searchParams.has('agent'))
      await page.locator('[data-filter] button').click()
      await row(page, 'Customer 8').waitFor()
      expect(page.url()).not.toContain('agent=')
      await page.goBack()
      await row(page, 'Customer 8').waitFor({ state: 'detached' })
      await page.goForward()
      await row(page, 'Customer 8').waitFor()
      await page.locator('[data-act=sort]').click()
      await page.getByRole('menuitem', { name: 'Oldest first' }).click()
      await page.waitForURL('**sort=oldest**')
      await namesAre(page, before.toReversed())
    },
    WITHIN_MS,
  )

  test(
    'a list that was given a name is found under it',
    async () => {
      const { page } = ana
      await filterBy(page, 'Closes within')
      await page.getByText('Nothing fits these filters').waitFor()
      await page.locator('[data-act=views]').click()
      await page.getByRole('menuitem', { name: 'Save this view' }).click()
      await page.getByLabel('Name').fill('Closing, oldest first')
      await page.keyboard.press('Enter')
      await page.getByRole('button', { name: 'Clear the filters' }).click()
      await row(page, 'Customer 8').waitFor()
      await page.goto(stack.url)
      await row(page, 'Customer 8').waitFor()
      await page.locator('[data-act=views]').click()
      await page.getByRole('menuitem', { name: 'Closing, oldest first' }).click()
      await page.getByText('Window closes within 2 hours').waitFor()
      expect(page.url()).toContain('sort=oldest')
      await page.goto(stack.url)
      await row(page, 'Customer 8').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'the row under the pointer stays while twenty messages arrive, and the order follows when the pointer leaves',
    async () => {
      const { page } = ana
      const pointed = row(page, 'Customer 6')
      await pointed.hover()
      const before = await pointed.boundingBox()
      const order = await namesOf(page)
      expect(order.indexOf('Customer 6')).toBeGreaterThan(0)
      for (let index = 0; index < 19; index++) await write((index % 5) + 1, `Again ${index}`)
      stack.simulator.phones.add('Late Larry', '16505550099')
      await stack.simulator.phones.write('16505550099', { type: 'text', text: 'Am I new?' })
      await row(page, 'Customer 4').getByText('Again 18').waitFor()
      await page.locator('[data-newer]', { hasText: '6 newer' }).waitFor()
      expect(await pointed.boundingBox()).toEqual(before)
      expect(await namesOf(page)).toEqual(order)
      expect(await row(page, 'Late Larry').count()).toBe(0)
      await page.mouse.move(1000, 500)
      await row(page, 'Late Larry').waitFor()
      await namesAre(page, await newestFirst())
      expect(await namesOf(page)).not.toEqual(order)
      await page.locator('[data-newer]').waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'what a colleague put away keeps its place, dimmed, until the pointer leaves',
    async () => {
      const { page } = ana
      await row(page, 'Customer 7').hover()
      const order = await namesOf(page)
      const ben = await signInAs(browser, stack.url, 'ben@demo.baton')
      const id = await row(page, 'Customer 8').getAttribute('data-conversation')
      await callAs(ben.page, 'conversations.resolve', { conversationId: id })
      await ben.page.context().close()
      await page.locator('[data-gone]', { hasText: 'Customer 8' }).waitFor()
      expect(await namesOf(page)).toEqual(order)
      await page.mouse.move(1000, 500)
      await row(page, 'Customer 8').waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'picked conversations are resolved together, and come back with one undo',
    async () => {
      const { page } = ana
      const before = await namesOf(page)
      expect(before.length).toBeGreaterThan(5)
      await row(page, before[1] ?? '').hover()
      await page.keyboard.press('x')
      await page.getByText('1 selected').waitFor()
      await page.locator('[data-index="3"] label').click({ modifiers: ['Shift'] })
      await page.getByText('3 selected').waitFor()
      await keepPicture(page, 'list-bulk')
      expect(await accessibilityViolations(page)).toEqual([])
      await page.locator('[data-bulk]').getByRole('button', { name: 'Resolve' }).click()
      await row(page, before[2] ?? '').waitFor({ state: 'detached' })
      const gone = before.slice(1, 4)
      expect(await namesOf(page)).toEqual(before.filter((name) => !gone.includes(name)))
      await page.getByRole('button', { name: 'Undo' }).click()
      await row(page, before[2] ?? '').waitFor()
      await page.mouse.move(1000, 500)
      await namesAre(page, before)
    },
    WITHIN_MS,
  )

  test(
    'all that are loaded are picked with one box, and let go with Escape',
    async () => {
      const { page } = ana
      await page.locator('[data-index="0"] [data-pick]').focus()
      await page.keyboard.press('Space')
      await page.getByText('1 selected').waitFor()
      await page.getByRole('checkbox', { name: 'Select all that are loaded' }).click()
      await page.getByText(`${(await namesOf(page)).length} selected`).waitFor()
      await page.keyboard.press('Escape')
      await page.locator('[data-bulk]').waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'a list that could not be loaded says so, and is there when it is tried again',
    async () => {
      const { page } = ana
      await page.route('**/trpc/conversations.list**', (route) =>
        route.fulfill({ status: 503, body: 'busy' }),
      )
      await filterBy(page, 'Closed')
      await page.getByText('The inbox could not be loaded').waitFor()
      await page.unroute('**/trpc/conversations.list**')
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByText('Nothing fits these filters').waitFor()
      await page.getByRole('button', { name: 'Clear the filters' }).click()
      await row(page, 'Customer 1').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a phone shows all of it in its width',
    async () => {
      const { page } = ana
      await page.setViewportSize(PHONE)
      await show(page, 'snoozed', 'Snoozed')
      await page.getByText('Nothing is snoozed').waitFor()
      expect(await page.locator('[data-view=snoozed]').isVisible()).toBe(true)
      await show(page, 'all', 'All')
      await row(page, 'Customer 1').waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width)
      await keepPicture(page, 'list-phone')
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
      }
      await showTheme(page, 'light')
      await page.setViewportSize(DESK)
    },
    WITHIN_MS,
  )

  test(
    'three thousand conversations are scrolled to the last with fewer than sixty rows in the page',
    async () => {
      const { page } = ana
      await manyConversations(sql, MANY)
      await page.goto(`${stack.url}/?view=all&sort=newest`)
      await rows(page).first().waitFor()
      let most = 0
      for (const until = Date.now() + 45_000; Date.now() < until; ) {
        await scrollTo(page, 'scrollHeight')
        most = Math.max(most, await rows(page).count())
        if (await page.locator('[data-end]').isVisible()) break
      }
      await scrollTo(page, 'scrollHeight')
      await row(page, 'Customer 0000').waitFor()
      expect(most).toBeLessThan(60)
      expect(most).toBeGreaterThan(20)
      const last = rows(page).last()
      const [size, place] = [
        await last.getAttribute('aria-setsize'),
        await last.getAttribute('aria-posinset'),
      ]
      expect(Number(size)).toBeGreaterThanOrEqual(MANY)
      expect(place).toBe(size)
      await keepPicture(page, 'list-many')
    },
    WITHIN_MS,
  )

  test(
    'the arrow keys walk through rows that were not drawn yet, and the focused row stays where it is while others rise',
    async () => {
      const { page } = ana
      await page.locator('[data-index] [data-conversation]').last().focus()
      await page.keyboard.press('Home')
      const focused = () =>
        page.evaluate<string>(`document.activeElement?.closest('[data-index]')?.dataset.index`)
      expect(await focused()).toBe('0')
      for (let index = 0; index < 40; index++) await page.keyboard.press('ArrowDown')
      expect(await focused()).toBe('40')
      const before = await page.locator('[data-index="40"]').textContent()
      await write(2, 'While you were walking')
      await page.locator('[data-newer]').waitFor()
      expect(await focused()).toBe('40')
      expect(await page.locator('[data-index="40"]').textContent()).toBe(before)
      await scrollTo(page, '90_000')
      await eventually(async () => Number(await rows(page).nth(5).getAttribute('data-index')) > 1000)
      expect(await focused()).toBe('40')
      await page.locator('[data-newer]').click()
      await row(page, 'Customer 2').getByText('While you were walking').waitFor()
      expect(await rows(page).first().getAttribute('aria-posinset')).toBe('1')
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    expect(ana.complaints.filter((line) => !line.includes('503'))).toEqual([])
  })
})
