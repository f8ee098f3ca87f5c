import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import postgres from 'postgres'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, showTheme, signInAs } from './browser.ts'
import { CUSTOMER, type Desk, openConversation, row, sitDown } from './desk.ts'

const WITHIN_MS = 60_000

describe('the work around a conversation', () => {
  let desk: Desk
  let sql: postgres.Sql
  let ben: { page: Page; complaints: string[] }
  let ana: Page
  let carla: Page

  beforeAll(async () => {
    desk = await sitDown()
    ana = desk.page
    sql = postgres(desk.stack.databaseUrl, { max: 1, onnotice: () => {} })
    const [workspace] = await sql<{ id: string }[]>`select id from workspaces`
    const workspaceId = workspace?.id ?? ''
    for (const [name, colour] of [
      ['VIP', 'green'],
      ['Refund', 'red'],
    ] as const)
      await sql`insert into labels (id, workspace_id, name, colour) values (${Bun.randomUUIDv7()}, ${workspaceId}, ${name}, ${colour})`
    ben = await signInAs(desk.browser, desk.stack.url, 'ben@demo.baton')
    await openConversation(ben.page)
    await ana.reload()
    await ana.locator('[data-thread]').waitFor()
  }, WITHIN_MS)

  afterAll(async () => {
    await sql?.end()
    await desk?.stop()
  }, WITHIN_MS)

  const act = (page: Page, is: string) => page.locator(`header [data-act=${is}]`)
  const option = (page: Page, name: string) => page.getByRole('option', { name })
  const toast = (page: Page, words: string) => page.locator('.toast', { hasText: words })
  const state = (page: Page) => page.locator('header [data-put-away]')
  const trail = (page: Page, words: string) => page.locator('[data-trail]', { hasText: words })
  const statusOf = async () => {
    const [found] = await sql<{ status: string }[]>`
      select c.status from conversations c join contacts p on p.id = c.contact_id where p.name = ${CUSTOMER.name}`
    return found?.status
  }
  const checkLooks = async (page: Page, name: string) => {
    for (const theme of ['dark', 'light'] as const) {
      await showTheme(page, theme)
      await keepPicture(page, `${name}-${theme}`)
      expect(await accessibilityViolations(page)).toEqual([])
    }
  }

  test(
    'Ana gives the conversation to Ben by the menu, and Ben sees it live, in header and thread',
    async () => {
      await act(ana, 'assign').click()
      await option(ana, 'Ben').waitFor()
      await checkLooks(ana, 'desk-assign')
      await ana.keyboard.type('ben')
      await eventually(async () => (await ana.getByRole('option').count()) === 1)
      await ana.keyboard.press('Enter')
      await toast(ana, `${CUSTOMER.name} is assigned to Ben.`).waitFor()
      await act(ben.page, 'assign').getByText('Ben').waitFor()
      await trail(ben.page, 'Ana assigned the conversation to Ben').waitFor()
      await trail(ana, 'Ana assigned the conversation to Ben').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'the Z key takes it back, here and there',
    async () => {
      await ana.getByRole('heading', { name: 'Inbox' }).click()
      await ana.keyboard.press('z')
      await act(ben.page, 'assign').getByText('Assign', { exact: true }).waitFor()
      await act(ana, 'assign').getByText('Assign', { exact: true }).waitFor()
      expect(await toast(ana, 'is assigned to Ben').count()).toBe(0)
    },
    WITHIN_MS,
  )

  test(
    'resolving opens the next conversation, and Undo brings back the one that was resolved',
    async () => {
      await act(ana, 'resolve').click()
      await toast(ana, `The conversation with ${CUSTOMER.name} is resolved.`).waitFor()
      // Pointed at, it stays for as long as the pictures take.
      await toast(ana, 'is resolved').hover()
      await row(ana).waitFor({ state: 'detached' })
      await eventually(async () => (await ana.locator('header h2').textContent())?.trim() !== CUSTOMER.name)
      expect(ana.url()).toContain('/c/')
      await eventually(async () => (await statusOf()) === 'resolved')
      await state(ben.page).getByText('Resolved').waitFor()
      await checkLooks(ana, 'desk-resolved')
      await toast(ana, 'is resolved').getByRole('button', { name: 'Undo' }).click()
      await ana.locator('header h2', { hasText: CUSTOMER.name }).waitFor()
      await row(ana).waitFor()
      await state(ben.page).waitFor({ state: 'detached' })
      expect(await statusOf()).toBe('open')
    },
    WITHIN_MS,
  )

  test(
    'snoozed until the customer writes, it leaves the list, and comes back with their message',
    async () => {
      await act(ana, 'snooze').click()
      await checkLooks(ana, 'desk-snooze')
      await ana.getByRole('button', { name: 'Until the customer writes' }).click()
      await row(ana).waitFor({ state: 'detached' })
      await state(ben.page).getByText('Snoozed until they write').waitFor()
      await desk.write({ type: 'text', text: 'I will take it' })
      await row(ana).waitFor()
      await state(ben.page).waitFor({ state: 'detached' })
      await trail(ben.page, 'The customer wrote, so the conversation is open again').waitFor()
      await openConversation(ana)
    },
    WITHIN_MS,
  )

  test(
    'a label that Ana puts on stands in both panels, and comes off by the same press',
    async () => {
      const chips = (page: Page) => page.getByRole('list', { name: 'Labels of this conversation' })
      await act(ana, 'label').click()
      await option(ana, 'VIP').click()
      await option(ana, 'Refund').click()
      await checkLooks(ana, 'desk-labels')
      await chips(ben.page).getByText('VIP').waitFor()
      await chips(ben.page).getByText('Refund').waitFor()
      await option(ana, 'Refund').click()
      await chips(ben.page).getByText('Refund').waitFor({ state: 'detached' })
      await ana.keyboard.press('Escape')
      await trail(ana, 'Ana took off “Refund”').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a detail of the contact is added, changed and renamed in the panel, and Ben sees it',
    async () => {
      const detail = (page: Page, name: string) => page.locator(`[data-attribute="${name}"]`)
      await ana.getByRole('button', { name: 'Add a detail' }).click()
      await ana.getByRole('textbox', { name: 'Detail' }).fill('Order')
      await ana.getByRole('textbox', { name: 'Value' }).fill('#2291')
      await checkLooks(ana, 'desk-detail')
      await ana.keyboard.press('Enter')
      await detail(ana, 'Order').getByText('#2291').waitFor()
      await detail(ben.page, 'Order').getByText('#2291').waitFor()
      await detail(ana, 'Order').click()
      await ana.getByRole('textbox', { name: 'Detail' }).fill('Order number')
      await ana.getByRole('button', { name: 'Save' }).click()
      await detail(ben.page, 'Order number').getByText('#2291').waitFor()
      expect(await detail(ben.page, 'Order').count()).toBe(0)
    },
    WITHIN_MS,
  )

  test(
    'what the team calls a contact stands everywhere, and the name of their profile beside it',
    async () => {
      await ana.getByRole('button', { name: 'Change the name' }).click()
      await ana.getByLabel('What the team calls them').fill('Nora from Ohio')
      await ana.keyboard.press('Enter')
      await row(ben.page, 'Nora from Ohio').waitFor()
      await ana.getByText(`Calls themselves ${CUSTOMER.name}`).waitFor()
      await toast(ana, 'The name is changed.').getByRole('button', { name: 'Undo' }).click()
      await row(ben.page, CUSTOMER.name).waitFor()
    },
    WITHIN_MS,
  )

  test(
    'two contacts are joined after a question that says what moves; whoever was in the other one follows',
    async () => {
      const [name, number] = ['Nora at work', '16505557799']
      desk.stack.simulator.phones.add(name, number)
      await desk.stack.simulator.phones.write(number, { type: 'text', text: 'It is me again, from work' })
      // The list does not move under a pointer.
      await ben.page.mouse.move(900, 450)
      await openConversation(ben.page, name)
      const gone = ben.page.url()
      await ana.locator('[data-act=join]').click()
      await ana.getByLabel('The other contact').fill('Nora at')
      await ana.locator('[data-found]', { hasText: name }).click()
      await ana.getByText('1 message joins those of Nora Quinn').waitFor()
      await checkLooks(ana, 'desk-join')
      await ana.getByRole('button', { name: 'Join', exact: true }).click()
      await toast(ana, `${name} and ${CUSTOMER.name} are one contact now.`).waitFor()
      for (const page of [ana, ben.page]) {
        await page.locator('[data-message]', { hasText: 'It is me again, from work' }).waitFor()
        await page.locator('header h2', { hasText: CUSTOMER.name }).waitFor()
        await row(page, name).waitFor({ state: 'detached' })
      }
      await desk.stack.simulator.phones.write(number, { type: 'text', text: 'Still from work' })
      await ana.locator('[data-message]', { hasText: 'Still from work' }).waitFor()
      await ben.page.goto(gone)
      await ben.page.locator('[data-message]', { hasText: 'Still from work' }).waitFor()
      expect(ben.page.url()).not.toBe(gone)
    },
    WITHIN_MS,
  )

  test(
    'an administrator makes a label, and removes one after reading how many conversations have it',
    async () => {
      carla = (await signInAs(desk.browser, desk.stack.url, 'carla@demo.baton')).page
      await carla.goto(`${desk.stack.url}/settings/labels`)
      await carla.getByRole('button', { name: 'New label' }).click()
      await carla.getByLabel('Name').fill('Wholesale')
      await carla.getByLabel('Teal').check({ force: true })
      await checkLooks(carla, 'desk-label')
      await carla.keyboard.press('Enter')
      await carla.locator('[data-label=Wholesale]').waitFor()
      await carla.getByRole('button', { name: 'Remove “VIP”' }).click()
      await carla.getByText('1 conversation has it and will show it no more.').waitFor()
      await carla.getByRole('button', { name: 'Remove label' }).click()
      await carla.locator('[data-label=VIP]').waitFor({ state: 'detached' })
      await checkLooks(carla, 'desk-labels-page')
      const chips = ben.page.getByRole('list', { name: 'Labels of this conversation' })
      await chips.getByText('VIP').waitFor({ state: 'detached' })
      await ben.page.goto(`${desk.stack.url}/settings/labels`)
      await ben.page.getByText('Labels are for administrators').waitFor()
      await ben.page.goBack()
      await ben.page.locator('[data-thread]').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a canned reply is written with places by buttons, looks in the preview as it will, and is changed',
    async () => {
      await carla.goto(`${desk.stack.url}/settings/canned-replies`)
      await carla
        .getByRole('button', { name: 'New reply' })
        .or(carla.getByRole('button', { name: 'Write the first' }))
        .first()
        .click()
      await carla.getByLabel('Title').fill('Opening hours')
      await carla.getByLabel('Shortcut').fill('hours')
      await carla.getByLabel('Text', { exact: true }).fill('Hello ')
      await carla.getByRole('button', { name: 'Customer’s first name' }).click()
      await carla.keyboard.type(', we open at 9. {{shop}}')
      await carla.locator('[data-preview]', { hasText: 'Hello Sheena, we open at 9.' }).waitFor()
      await carla.getByText('Nothing fills {{shop}}.').waitFor()
      await checkLooks(carla, 'desk-canned')
      await carla.getByRole('button', { name: 'Save' }).click()
      await carla.getByRole('alert').getByText('shop').waitFor()
      await carla.getByLabel('Text', { exact: true }).fill('Hello {{contact.first_name}}, we open at 9.')
      await carla.getByRole('button', { name: 'Save' }).click()
      await carla.locator('[data-canned=hours]').getByText('Opening hours').waitFor()
      await checkLooks(carla, 'desk-canned-page')
      await carla.setViewportSize({ width: 390, height: 844 })
      await carla.locator('[data-canned=hours]').click()
      await checkLooks(carla, 'desk-canned-phone')
      await carla.getByRole('button', { name: 'Remove' }).click()
      await carla.locator('[data-canned=hours]').waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'on a phone the acts are one menu, and the contact is a screen of its own',
    async () => {
      await ana.setViewportSize({ width: 390, height: 844 })
      await act(ana, 'more').click()
      await checkLooks(ana, 'desk-phone-menu')
      await ana.getByRole('menuitem', { name: 'Assign…' }).click()
      await option(ana, 'Ana (you)').click()
      await toast(ana, 'is assigned to you.').waitFor()
      await act(ben.page, 'assign').getByText('Ana').waitFor()
      await act(ana, 'contact').click()
      await ana.getByRole('complementary', { name: 'Contact' }).waitFor()
      await checkLooks(ana, 'desk-phone-contact')
      await ana.getByRole('button', { name: 'Hide the contact' }).click()
      await ana.getByRole('complementary', { name: 'Contact' }).waitFor({ state: 'detached' })
      await ana.setViewportSize({ width: 1024, height: 768 })
      await checkLooks(ana, 'desk-1024')
      await ana.setViewportSize({ width: 1440, height: 900 })
      expect(desk.complaints).toEqual([])
      // The old address, which he opened, was answered with where it leads to.
      expect(ben.complaints.filter((line) => !line.includes('404'))).toEqual([])
    },
    WITHIN_MS,
  )
})
