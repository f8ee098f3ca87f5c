import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Locator, Page } from 'playwright-core'
import { eventually } from '../../server/testing/eventually.ts'
import { callAs, signInAs } from './browser.ts'
import { CUSTOMER, type Desk, openConversation, sitDown } from './desk.ts'

const WITHIN_MS = 60_000
/** Of the demo, with an open window. */
const OTHER = 'Sheena Nelson'

/** The composer stays on the page while the conversation changes: nothing may come along. */
describe('what is under way in one conversation', () => {
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    desk = await sitDown()
    page = desk.page
  }, WITHIN_MS)

  afterAll(() => desk?.stop(), WITHIN_MS)

  const composer = () => page.locator('[data-composer]')
  const text = () => composer().inputValue()
  const isOpen = (name: string) => page.getByRole('heading', { name, level: 2, exact: true }).waitFor()
  const open = async (name: string) => {
    await openConversation(page, name)
    await isOpen(name)
  }
  const sendLater = async (when: string) => {
    await page.getByRole('button', { name: 'Send later' }).click()
    await page.locator(`[data-later=${when}]`).click()
  }
  const choose = async (scheduled: Locator, act: string) => {
    await scheduled.getByRole('button', { name: 'What to do with it' }).click()
    await page.getByRole('menuitem', { name: act }).click()
  }
  /** Holds the answers to one procedure back until they are let through. */
  async function hold(procedure: string): Promise<{ asked: Promise<void>; letGo(): Promise<void> }> {
    const answered = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const done = Promise.withResolvers<void>()
    const isIt = (url: URL) => url.pathname.split('/').at(-1)?.split(',').includes(procedure) ?? false
    await page.route(isIt, async (route) => {
      const response = await route.fetch()
      asked.resolve()
      await answered.promise
      await route.fulfill({ response })
      done.resolve()
    })
    return {
      asked: asked.promise,
      letGo: async () => {
        answered.resolve()
        await done.promise
        await page.unroute(isIt)
      },
    }
  }

  test(
    'words stay with their customer, whatever is undone in the next conversation',
    async () => {
      await composer().pressSequentially('The table is 200 euros')
      await open(OTHER)
      expect(await text()).toBe('')
      await composer().press('Control+z')
      expect(await text()).toBe('')
      await composer().pressSequentially('Yes, on Sundays too')
      await open(CUSTOMER.name)
      expect(await text()).toBe('The table is 200 euros')
      await composer().press('Control+z')
      expect(await text()).not.toContain('Sundays')
      await composer().fill('')
      await open(OTHER)
      await composer().fill('')
    },
    WITHIN_MS,
  )

  test(
    'a canned reply that comes late is not put into the next conversation',
    async () => {
      const greeting = { shortcut: 'hello', title: 'Greeting', body: 'Hello {{contact.name}}' }
      await callAs(page, 'cannedReplies.save', greeting)
      await open(CUSTOMER.name)
      const fill = await hold('cannedReplies.fill')
      await composer().pressSequentially('/hello')
      await page.locator('[data-suggestions] [role=option]').waitFor()
      await composer().press('Enter')
      await fill.asked
      await open(OTHER)
      await fill.letGo()
      await composer().pressSequentially('Yes')
      expect(await text()).toBe('Yes')
      await composer().fill('')
      await open(CUSTOMER.name)
      expect(await text()).toBe('/hello')
      await composer().fill('')
    },
    WITHIN_MS,
  )

  test(
    'a file that is chosen after another conversation was opened goes to neither',
    async () => {
      const choosing = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Attach files' }).click()
      const chooser = await choosing
      await open(OTHER)
      const pdf = {
        name: 'Contract.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.4\n%%EOF'),
      }
      await chooser.setFiles(pdf).catch(() => {})
      await composer().pressSequentially('Yes')
      expect(await page.locator('[data-tray]').count()).toBe(0)
      await composer().fill('')
      await open(CUSTOMER.name)
      expect(await page.locator('[data-tray]').count()).toBe(0)
      // The control: in the conversation in which it was chosen it is there.
      await page.locator('[data-attach]').setInputFiles(pdf)
      await page.locator('[data-tray=ready]').waitFor()
      await open(OTHER)
      expect(await page.locator('[data-tray]').count()).toBe(0)
      await open(CUSTOMER.name)
      await page.getByRole('button', { name: 'Remove Contract.pdf' }).click()
    },
    WITHIN_MS,
  )

  test(
    'a baton that is taken over late does not turn the note of the next conversation into an answer',
    async () => {
      const ben = await signInAs(desk.browser, desk.stack.url, 'ben@demo.baton')
      await openConversation(ben.page)
      await ben.page.locator('[data-composer]').fill('I have it')
      await open(CUSTOMER.name)
      const taking = await hold('locks.takeover')
      await page.locator('[data-take-over]').click()
      await taking.asked
      await open(OTHER)
      await page.getByRole('tab', { name: 'Private note' }).click()
      await taking.letGo()
      const saved = page.waitForResponse(/drafts\.save/)
      await composer().pressSequentially('Ask the warehouse')
      await saved
      await page.getByRole('tab', { name: 'Private note', selected: true }).waitFor()
      expect(await text()).toBe('Ask the warehouse')
      await composer().fill('')
      await page.getByRole('tab', { name: 'Reply' }).click()
      await ben.page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'what stands open above the composer does not stay open over the next conversation',
    async () => {
      await open(OTHER)
      await open(CUSTOMER.name)
      await page.getByRole('button', { name: 'Emoji' }).click()
      await page.locator('[data-emoji-picker], [role=dialog]').first().waitFor()
      await page.goBack()
      await isOpen(OTHER)
      await page.locator('[data-emoji-picker], [role=dialog]').waitFor({ state: 'detached' })
      await page.goForward()
      await isOpen(CUSTOMER.name)
      await composer().fill('The table comes on Monday')
      await sendLater('pick')
      await page.getByRole('dialog', { name: 'Send later' }).waitFor()
      await page.goBack()
      await isOpen(OTHER)
      await page.getByRole('dialog', { name: 'Send later' }).waitFor({ state: 'detached' })
      expect(await text()).toBe('')
      await eventually(async () => (await page.locator('[data-scheduled]').count()) === 0)
    },
    WITHIN_MS,
  )

  test(
    'the words of a scheduled message that is edited come back to its own conversation, however late',
    async () => {
      await open(CUSTOMER.name)
      await composer().fill('The table comes on Tuesday')
      await sendLater('hour')
      const scheduled = page.locator('[data-scheduled]', { hasText: 'The table comes on Tuesday' })
      await scheduled.waitFor()
      const calling = await hold('messages.unschedule')
      await choose(scheduled, 'Edit')
      await calling.asked
      await open(OTHER)
      await page.getByRole('tab', { name: 'Private note' }).click()
      await calling.letGo()
      const saved = page.waitForResponse(/drafts\.save/)
      await composer().pressSequentially('Ask again')
      await saved
      expect(await text()).toBe('Ask again')
      await composer().fill('')
      await page.getByRole('tab', { name: 'Reply' }).click()
      expect(await text()).toBe('')
      await open(CUSTOMER.name)
      expect(await text()).toBe('The table comes on Tuesday')
      await composer().fill('')
    },
    WITHIN_MS,
  )

  test(
    'what is written meanwhile stays, when what was scheduled is taken late',
    async () => {
      await composer().fill('On Tuesday')
      const taking = await hold('messages.schedule')
      await sendLater('hour')
      await taking.asked
      await composer().press('End')
      await composer().pressSequentially(' or on Friday')
      await taking.letGo()
      const scheduled = page.locator('[data-scheduled]', { hasText: 'On Tuesday' })
      await scheduled.waitFor()
      expect(await text()).toBe('On Tuesday or on Friday')
      await composer().fill('')
      await choose(scheduled, 'Do not send it')
      await scheduled.waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'a change of teams takes neither the field nor the baton from who is writing',
    async () => {
      const carla = await signInAs(desk.browser, desk.stack.url, 'carla@demo.baton')
      await composer().pressSequentially('We deliver')
      await page.locator('[data-baton=mine]').waitFor()
      await page.evaluate("document.querySelector('[data-composer]').isTheSame = true")
      const learned = page.waitForResponse(/auth\.me/)
      await callAs(carla.page, 'teams.save', { name: 'Returns', memberIds: [], channelIds: [] })
      await learned
      await page.keyboard.type(' on Sundays')
      expect(await text()).toBe('We deliver on Sundays')
      expect(await page.evaluate<boolean>("document.querySelector('[data-composer]').isTheSame")).toBe(true)
      await page.locator('[data-baton=mine]').waitFor()
      await composer().fill('')
      await carla.page.context().close()
    },
    WITHIN_MS,
  )

  test('nothing in the page complained, and no customer got anything', () => {
    expect(desk.complaints).toEqual([])
    expect(desk.received()).toEqual([])
  })
})
