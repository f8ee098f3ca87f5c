import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { eventually } from '../../server/testing/eventually.ts'
import { type Desk, openConversation, sitDown } from './desk.ts'

const WITHIN_MS = 60_000
const TOM = { name: 'Tom Reyes', number: '16505550111' }
const YUKI = { name: 'Yuki Abe', number: '16505550222' }

/** A browser whose notifications are written down instead of shown, and whose tabs can be hidden. */
const STUB = `
  window.told = []
  window.timesAsked = 0
  const granted = () => localStorage.getItem('test:granted') === 'yes'
  window.Notification = class {
    static get permission() { return granted() ? 'granted' : 'default' }
    static async requestPermission() { window.timesAsked += 1; localStorage.setItem('test:granted', 'yes'); return 'granted' }
    constructor(title, options) { Object.assign(this, { title }, options); window.told.push(this) }
    close() { this.isClosed = true }
  }
  window.isHidden = false
  Object.defineProperty(document, 'hidden', { get: () => window.isHidden })
  Object.defineProperty(document, 'visibilityState', { get: () => (window.isHidden ? 'hidden' : 'visible') })
`
type Told = { title: string; body: string; tag: string }

describe('notifications in a browser', () => {
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    desk = await sitDown()
    page = desk.page
    for (const { name, number } of [TOM, YUKI]) desk.stack.simulator.phones.add(name, number)
    await page.context().addInitScript(STUB)
    await page.reload()
    await page.locator('[data-composer]').waitFor()
  }, WITHIN_MS)

  afterAll(async () => {
    await desk?.stop()
  }, WITHIN_MS)

  const told = (of: Page) => of.evaluate<Told[]>('told.map(({ title, body, tag }) => ({ title, body, tag }))')
  const forget = (of: Page) => of.evaluate('told.length = 0')
  const hide = (of: Page, isHidden: boolean) =>
    of.evaluate(`isHidden = ${isHidden}; document.dispatchEvent(new Event('visibilitychange'))`)
  const write = (customer: { number: string }, text: string) =>
    desk.stack.simulator.phones.write(customer.number, { type: 'text', text })
  const shown = (of: Page, text: string) => of.getByText(text).first().waitFor()

  test(
    'nobody is asked before they switch notifications on',
    async () => {
      expect(await page.evaluate<number>('timesAsked')).toBe(0)
      await page.goto(`${desk.stack.url}/settings/preferences`)
      const notifications = page.getByRole('switch', { name: 'Desktop notifications' })
      await notifications.waitFor()
      expect(await page.evaluate<number>('timesAsked')).toBe(0)
      await notifications.click()
      await page.getByRole('switch', { name: 'Desktop notifications', checked: true }).waitFor()
      expect(await page.evaluate<number>('timesAsked')).toBe(1)
      await page.getByRole('switch', { name: 'Conversations without an owner' }).click()
      await page.getByRole('button', { name: 'Try it' }).click()
      expect((await told(page)).map(({ title }) => title)).toEqual(['This is how Baton tells you'])
      await forget(page)
    },
    WITHIN_MS,
  )

  test(
    'what is said in the conversation that one looks at is not told, what others say is told together',
    async () => {
      await page.goto(desk.stack.url)
      await openConversation(page)
      // Off the list, which lets nothing move under the pointer.
      await page.mouse.move(1000, 300)
      await desk.write({ type: 'text', text: 'Are you there?' })
      await shown(page, 'Are you there?')
      await write(TOM, 'Hello, Tom here')
      await eventually(async () => (await told(page)).length === 1)
      expect(await told(page)).toMatchObject([{ title: TOM.name, body: 'Hello, Tom here' }])
      for (const text of ['One', 'Two', 'Three']) await write(TOM, `Tom ${text}`)
      await write(YUKI, 'Yuki here')
      await write(YUKI, 'Yuki again')
      await eventually(async () => (await told(page)).length === 2, { withinMs: 15_000 })
      const [, second] = await told(page)
      expect([TOM.name, YUKI.name].some((name) => second?.title.startsWith(name))).toBe(true)
      expect(second?.title).toContain('new messages')
      expect(second?.body).toContain('And 1 other conversation.')
    },
    WITHIN_MS,
  )

  test(
    'a click opens the conversation, and its notification goes',
    async () => {
      await page.evaluate('told[0].onclick()')
      await page.waitForURL('**/c/**')
      await page.getByRole('heading', { name: TOM.name }).first().waitFor()
      expect(
        await page.evaluate<boolean>(
          'told.filter(({ tag }) => tag === told[0].tag).some(({ isClosed }) => isClosed)',
        ),
      ).toBe(true)
      await forget(page)
    },
    WITHIN_MS,
  )

  test(
    'of several tabs the visible one tells, and a hidden one only while none is visible',
    async () => {
      const other = await page.context().newPage()
      await other.goto(desk.stack.url)
      await other.locator('[data-conversation]').first().waitFor()
      await hide(page, true)
      // The lock of the visible tabs goes over to the other one.
      await eventually(() =>
        other.evaluate<boolean>(
          'navigator.locks.query().then(({ held, pending }) => held.filter(({ name }) => name.includes("visible")).length === 1 && !pending.some(({ name }) => name.includes("visible")))',
        ),
      )
      await write(YUKI, 'To the visible one')
      await eventually(async () => (await told(other)).length === 1, { withinMs: 15_000 })
      await shown(page, 'To the visible one')
      expect(await told(page)).toEqual([])
      await other.close()
      await write(YUKI, 'To the hidden one')
      await eventually(async () => (await told(page)).length === 1, { withinMs: 15_000 })
      await hide(page, false)
      await forget(page)
    },
    WITHIN_MS,
  )

  test(
    'what was said while the connection was lost is caught up with in silence',
    async () => {
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await desk.stack.restartServer()
      await write(YUKI, 'Said in the dark')
      await page.context().setOffline(false)
      await shown(page, 'Said in the dark')
      await page.getByText('Connected').waitFor({ state: 'detached' })
      expect(await told(page)).toEqual([])
      await write(YUKI, 'Said in the light')
      await eventually(async () => (await told(page)).length === 1, { withinMs: 15_000 })
      expect(await told(page)).toMatchObject([{ body: 'Said in the light' }])
    },
    WITHIN_MS,
  )

  test(
    'the number of unread conversations stands in the title and on the icon of the tab',
    async () => {
      await eventually(async () => /^\(\d+\) /.test(await page.title()))
      await page.locator('link[rel=icon][href^="data:image/png"]').waitFor({ state: 'attached' })
    },
    WITHIN_MS,
  )

  test('without a network the page asks now and then, and complains about nothing else', () => {
    const offline = desk.complaints.filter((line) => /DISCONNECTED|WebSocket/.test(line))
    expect(offline.length).toBeLessThan(30)
    expect(desk.complaints.filter((line) => !offline.includes(line))).toEqual([])
  })
})
