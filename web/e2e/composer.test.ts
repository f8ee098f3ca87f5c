import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, showTheme, signInAs } from './browser.ts'
import { bubble, type Desk, openConversation, row, say, sitDown } from './desk.ts'

const WITHIN_MS = 60_000
const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1440, height: 900 }

describe('the composer', () => {
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    desk = await sitDown()
    page = desk.page
  }, WITHIN_MS)

  afterAll(() => desk?.stop(), WITHIN_MS)

  const composer = (on = page) => on.locator('[data-composer]')
  const text = (on = page) => composer(on).inputValue()
  const options = (on = page) => on.locator('[data-suggestions] [role=option]')
  const note = (on: Page, words: string) => on.locator('[data-direction=note]', { hasText: words })
  const received = () => desk.received().map(({ content }) => content.body)
  const read = (on: Page, words: string) => bubble(on, words).locator('[data-status=read]')
  /** Outside of every text field, where letters are keys. */
  const leaveField = () => page.getByRole('region', { name: 'Thread' }).focus()
  const call = async (path: string, input: object) => {
    const answer = await page.request.post(`${desk.stack.url}/trpc/${path}`, {
      data: input,
      headers: { Origin: desk.stack.url },
    })
    expect(answer.ok()).toBe(true)
    return answer.json()
  }
  const ask = async (path: string, on = page, input: object = {}) => {
    const asked = `${desk.stack.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`
    return (await (await on.request.get(asked)).json()).result.data
  }
  const checkLooks = async (name: string) => {
    for (const theme of ['dark', 'light'] as const) {
      await showTheme(page, theme)
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, `composer-${name}-${theme}`)
    }
  }

  test(
    'a private note is written by keys alone, calls the colleague who is mentioned, and the customer gets nothing',
    async () => {
      const ben = await signInAs(desk.browser, desk.stack.url, 'ben@demo.baton')
      await openConversation(ben.page)
      await leaveField()
      await page.keyboard.press('n')
      await page.getByRole('tab', { name: 'Private note', selected: true }).waitFor()
      await page.keyboard.type('@be')
      await options().filter({ hasText: 'Ben' }).waitFor()
      await checkLooks('mention')
      await page.keyboard.press('Enter')
      expect(await text()).toBe('@Ben ')
      await page.keyboard.type('she measured 2.30')
      await page.getByText('Calls Ben').waitFor()
      expect(await page.locator('[data-baton]').count()).toBe(0)
      await page.keyboard.press('Enter')
      for (const on of [page, ben.page]) {
        await note(on, 'she measured 2.30').locator('[data-mention]', { hasText: '@Ben' }).waitFor()
      }
      await checkLooks('note')
      const mentioning = await ask('conversations.list', ben.page, { view: 'mentions', limit: 10 })
      expect(mentioning.conversations).toMatchObject([{ contact: { name: 'Nora Quinn' } }])
      expect(received()).toEqual([])
      expect(ben.complaints).toEqual([])
      await ben.page.context().close()
      await leaveField()
      await page.keyboard.press('r')
      await page.getByRole('tab', { name: 'Reply', selected: true }).waitFor()
      await say(page, 'It is')
      await read(page, 'It is').waitFor()
      expect(received()).toEqual(['It is'])
    },
    WITHIN_MS,
  )

  test(
    'a note that is written offline waits on the device and is added once on return',
    async () => {
      await page.getByRole('tab', { name: 'Private note' }).click()
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await say(page, 'Written in a tunnel')
      await note(page, 'Written in a tunnel').locator('[data-status=queued]').waitFor()
      await page.context().setOffline(false)
      await note(page, 'Written in a tunnel').locator('[data-status=queued]').waitFor({ state: 'detached' })
      expect(await note(page, 'Written in a tunnel').count()).toBe(1)
      await page.getByRole('tab', { name: 'Reply' }).click()
    },
    WITHIN_MS,
  )

  test(
    'a canned reply is found, looked at, filled and taken by keys alone; what is missing is led to before it goes out',
    async () => {
      await call('cannedReplies.save', {
        shortcut: 'hello',
        title: 'Greeting',
        body: 'Hello {{contact.name}}, this is {{agent.name}}.',
      })
      await call('cannedReplies.save', { shortcut: 'bye', title: 'Goodbye', body: 'Goodbye' })
      await composer().click()
      await page.keyboard.type('/gree')
      await page.locator('[data-canned-preview]', { hasText: 'Hello Nora Quinn, this is Ana.' }).waitFor()
      await checkLooks('canned')
      await page.keyboard.press('Tab')
      await eventually(async () => (await text()) === 'Hello Nora Quinn, this is Ana.')
      await page.keyboard.press('Enter')
      await read(page, 'Hello Nora Quinn, this is Ana.').waitFor()
      await page.keyboard.type('/')
      await options().first().waitFor()
      expect(await options().count()).toBe(2)
      await page.keyboard.press('Escape')
      expect(await options().count()).toBe(0)
      expect(await text()).toBe('/')
      await composer().fill('')
    },
    WITHIN_MS,
  )

  test(
    'an emoji goes to where the caret stands, from the picker and from its shortcode',
    async () => {
      await composer().fill('Thanks, see you')
      for (let step = 0; step < ', see you'.length; step++) await page.keyboard.press('ArrowLeft')
      await page.getByRole('button', { name: 'Emoji', exact: true }).click()
      await page.getByRole('combobox', { name: 'Search emoji' }).fill('party popper')
      await page.locator('#emoji-grid [role=option]').first().waitFor()
      await checkLooks('emoji')
      await page.keyboard.press('Enter')
      expect(await text()).toBe('Thanks🎉, see you')
      expect(await page.locator('[data-emoji-picker]').count()).toBe(0)
      await page.keyboard.type(' :tada')
      await options().first().waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.type(' ')
      await composer().fill(':heart_on')
      await page.keyboard.press('End')
      await page.keyboard.type('_')
      await options().first().waitFor()
      await page.keyboard.press('Enter')
      expect(await text()).toBe('❤️‍🔥')
      await composer().fill('')
    },
    WITHIN_MS,
  )

  test(
    'a draft that was begun here is there in another browser, goes on there, and is gone everywhere once it is sent',
    async () => {
      await composer().fill('We could bring it on Thursday')
      await page.getByRole('tab', { name: 'Private note' }).click()
      await composer().fill('Ask the warehouse')
      const saved = async () => (await ask('drafts.list')).drafts.length
      await eventually(async () => (await saved()) === 2)
      const other = await signInAs(desk.browser, desk.stack.url, 'ana@demo.baton')
      await row(other.page).getByText('We could bring it on Thursday').waitFor()
      await openConversation(other.page)
      expect(await text(other.page)).toBe('We could bring it on Thursday')
      await other.page.getByRole('tab', { name: /Private note/ }).click()
      expect(await text(other.page)).toBe('Ask the warehouse')
      await other.page.getByRole('tab', { name: 'Reply' }).click()
      await say(other.page, 'We could bring it on Friday')
      await read(other.page, 'We could bring it on Friday').waitFor()
      await eventually(async () => (await saved()) === 1)
      await other.page.context().close()
      await openConversation(page, 'Sheena Nelson')
      await openConversation(page)
      await page.getByRole('tab', { name: /Reply/ }).click()
      await eventually(async () => (await text()) === '')
      await page.getByRole('tab', { name: /Private note/ }).click()
      expect(await text()).toBe('Ask the warehouse')
      await composer().fill('')
      await page.getByRole('tab', { name: 'Reply' }).click()
    },
    WITHIN_MS,
  )

  test(
    'of two devices that write at once the one that saves last is kept, and offers the other one’s words',
    async () => {
      const other = await signInAs(desk.browser, desk.stack.url, 'ana@demo.baton')
      await openConversation(other.page)
      await page.context().setOffline(true)
      await composer().fill('From the phone')
      await composer(other.page).fill('From the desk')
      await eventually(async () =>
        JSON.stringify(await ask('drafts.list', other.page)).includes('From the desk'),
      )
      await page.context().setOffline(false)
      const offer = page.locator('[data-replaced-draft]', { hasText: 'From the desk' })
      await offer.waitFor()
      await checkLooks('replaced')
      expect(await text()).toBe('From the phone')
      await offer.getByRole('button', { name: 'Use the other' }).click()
      expect(await text()).toBe('From the desk')
      await other.page.context().close()
      await composer().fill('')
    },
    WITHIN_MS,
  )

  test(
    'the preview of a link can be switched off for one message',
    async () => {
      await composer().fill('See https://example.com/table')
      await page.getByRole('button', { name: 'Link preview', pressed: true }).click()
      await composer().press('Enter')
      await read(page, 'See https://example.com/table').waitFor()
      expect(desk.received().at(-1)?.content).toMatchObject({ body: 'See https://example.com/table' })
      await composer().fill('And https://example.com/chair')
      await page.getByRole('button', { name: 'Link preview', pressed: true }).waitFor()
      await composer().fill('')
    },
    WITHIN_MS,
  )

  test(
    'on a phone everything beside words is in one menu, and a long text leaves half of the screen to the thread',
    async () => {
      await page.setViewportSize(PHONE)
      await composer().fill('line\n'.repeat(60))
      const height = (await page.getByRole('group', { name: 'Composer' }).boundingBox())?.height ?? 0
      expect(height).toBeGreaterThan(300)
      expect(height).toBeLessThan(PHONE.height / 2 + 20)
      await checkLooks('phone-long')
      await composer().fill('')
      expect(await page.getByRole('group', { name: 'Add', exact: true }).getByRole('button').count()).toBe(1)
      await page.getByRole('button', { name: 'More to send' }).click()
      await checkLooks('phone-menu')
      await page.getByRole('menuitem', { name: 'Emoji' }).click()
      await page.getByRole('combobox', { name: 'Search emoji' }).waitFor()
      await checkLooks('phone-emoji')
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'More to send' }).click()
      await page.getByRole('menuitem', { name: 'Canned reply' }).click()
      await options().first().waitFor()
      await checkLooks('phone-canned')
      await page.keyboard.press('Escape')
      await composer().fill('')
      await page.setViewportSize(DESKTOP)
    },
    WITHIN_MS,
  )

  test('nothing in the page complained', () => {
    expect(desk.complaints.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([])
  })
})
