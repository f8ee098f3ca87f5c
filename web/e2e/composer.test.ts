import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import postgres from 'postgres'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, callAs, keepPicture, showTheme, signInAs } from './browser.ts'
import { bubble, type Desk, openConversation, row, say, sitDown } from './desk.ts'

const WITHIN_MS = 60_000
const PHONE = { width: 390, height: 844 }
const DESKTOP = { width: 1440, height: 900 }

describe('the composer', () => {
  let desk: Desk
  let page: Page
  let sql: postgres.Sql

  beforeAll(async () => {
    desk = await sitDown()
    page = desk.page
    sql = postgres(desk.stack.databaseUrl, { max: 1, onnotice: () => {} })
  }, WITHIN_MS)

  afterAll(async () => {
    await sql?.end()
    await desk?.stop()
  }, WITHIN_MS)

  const composer = (on = page) => on.locator('[data-composer]')
  const text = (on = page) => composer(on).inputValue()
  const options = (on = page) => on.locator('[data-suggestions] [role=option]')
  const note = (on: Page, words: string) => on.locator('[data-direction=note]', { hasText: words })
  const received = () => desk.received().map(({ content }) => content.body)
  const read = (on: Page, words: string) => bubble(on, words).locator('[data-status=read]')
  /** Outside of every text field, where letters are keys. */
  const leaveField = () => page.getByRole('region', { name: 'Thread' }).focus()
  const ask = async (path: string, on = page, input: object = {}) => {
    const asked = `${desk.stack.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`
    return (await (await on.request.get(asked)).json()).result.data
  }
  const scheduled = (words: string) => page.locator('[data-scheduled]', { hasText: words })
  const sendLater = async (words: string, when: string) => {
    await composer().fill(words)
    await page.getByRole('button', { name: 'Send later' }).click()
    await page.locator(`[data-later=${when}]`).click()
  }
  /** As it is when its time has come. */
  const itIsTime = (words: string) => sql`
    with due as (update scheduled_messages set send_at = now() - interval '1 second' where content ->> 'text' = ${words} returning id)
    update pgboss.job set start_after = now() from due where name = 'message.send' and data ->> 'scheduledId' = due.id::text`
  const jobIsDone = async (words: string) =>
    (
      await sql`select 1 from pgboss.job j join scheduled_messages s on s.id::text = j.data ->> 'scheduledId'
        where s.content ->> 'text' = ${words} and j.state = 'completed'`
    ).length === 1
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
      await ben.page.locator('[data-act=views]').click()
      await ben.page.getByRole('menuitem', { name: 'Mentions' }).click()
      await row(ben.page).waitFor()
      expect(await ben.page.locator('[data-conversation]').count()).toBe(1)
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
      await callAs(page, 'cannedReplies.save', {
        shortcut: 'hello',
        title: 'Greeting',
        body: 'Hello {{contact.name}}, this is {{agent.name}}.',
      })
      await callAs(page, 'cannedReplies.save', { shortcut: 'bye', title: 'Goodbye', body: 'Goodbye' })
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
      await bubble(page, 'Is the oak table still there?').hover()
      await page.keyboard.press('Escape')
      await leaveField()
      await page.keyboard.press('r')
      await page.getByRole('group', { name: 'Replying to' }).waitFor()
      await composer().fill('We could bring it on Thursday')
      await page.getByRole('tab', { name: 'Private note' }).click()
      await composer().fill('Ask the warehouse')
      const saved = async () => (await ask('drafts.list')).drafts.length
      await eventually(async () => (await saved()) === 2)
      const other = await signInAs(desk.browser, desk.stack.url, 'ana@demo.baton')
      await row(other.page).getByText('We could bring it on Thursday').waitFor()
      await openConversation(other.page)
      expect(await text(other.page)).toBe('We could bring it on Thursday')
      const quoted = other.page.getByRole('group', { name: 'Replying to' })
      await quoted.getByText('Is the oak table still there?').waitFor()
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
    'what a canned reply lacks is seen before it is taken, selected in the text, and led to before it goes out',
    async () => {
      const { phones } = desk.stack.simulator
      phones.add('Nobody Known', '16505557799')
      await phones.write('16505557799', { type: 'text', text: 'Guess who' })
      await row(page, 'Nobody Known').waitFor()
      await sql`update contacts set name = null where name = 'Nobody Known'`
      await row(page, 'Nobody Known').click()
      await bubble(page, 'Guess who').waitFor()
      await composer().click()
      await page.keyboard.type('/hello')
      await page.getByText('Nothing is known for the customer’s name').waitFor()
      await checkLooks('gap-preview')
      await page.keyboard.press('Enter')
      await eventually(async () => (await text()) === 'Hello [customer’s name], this is Ana.')
      await composer().press('Enter')
      await page.locator('[data-gap][role=alert]').waitFor()
      await checkLooks('gap')
      expect(phones.log('16505557799')).toEqual([])
      await page.keyboard.type('Nora')
      expect(await text()).toBe('Hello Nora, this is Ana.')
      await page.keyboard.press('Enter')
      await read(page, 'Hello Nora, this is Ana.').waitFor()
      await openConversation(page)
    },
    WITHIN_MS,
  )

  test(
    'a message for later waits above the composer and reaches the customer once, when its time has come',
    async () => {
      const before = received().length
      await sendLater('See you at nine', 'hour')
      await scheduled('See you at nine').getByText('Goes out').waitFor()
      expect(await text()).toBe('')
      await checkLooks('scheduled')
      await itIsTime('See you at nine')
      await read(page, 'See you at nine').waitFor()
      await scheduled('See you at nine').waitFor({ state: 'detached' })
      await page.reload()
      await read(page, 'See you at nine').waitFor()
      expect(await scheduled('See you at nine').count()).toBe(0)
      expect(received().slice(before)).toEqual(['See you at nine'])
    },
    WITHIN_MS,
  )

  test(
    'one that was called off is not sent when its time comes, and one that is sent now is sent once',
    async () => {
      const before = received().length
      await sendLater('Never mind', 'hour')
      await scheduled('Never mind').getByRole('button', { name: 'What to do with it' }).click()
      await page.getByRole('menuitem', { name: 'Do not send it' }).click()
      await scheduled('Never mind').waitFor({ state: 'detached' })
      await itIsTime('Never mind')
      await eventually(() => jobIsDone('Never mind'), { withinMs: 20_000 })
      await sendLater('Right away after all', 'hour')
      await scheduled('Right away after all').getByRole('button', { name: 'What to do with it' }).click()
      await page.getByRole('menuitem', { name: 'Send now' }).click()
      await read(page, 'Right away after all').waitFor()
      expect(received().slice(before)).toEqual(['Right away after all'])
    },
    WITHIN_MS,
  )

  test(
    'a time beyond the window says so and offers one before it; its words can be edited, which calls it off',
    async () => {
      await sendLater('On Thursday then', 'pick')
      const dialog = page.getByRole('dialog')
      const inThreeDays = new Date(Date.now() + 3 * 24 * 3_600_000)
      await dialog.getByLabel('Day and time').fill(`${inThreeDays.toISOString().slice(0, 10)}T10:00`)
      await dialog.getByText('The 24-hour window will be closed by then').waitFor()
      await checkLooks('later-pick')
      await dialog.getByRole('button', { name: 'Send then' }).click()
      await dialog.getByText('Unless Nora Quinn writes before').waitFor()
      await checkLooks('later-beyond')
      await dialog.locator('[data-before]').click()
      await scheduled('On Thursday then').getByText('Goes out').waitFor()
      await scheduled('On Thursday then').getByRole('button', { name: 'What to do with it' }).click()
      await page.getByRole('menuitem', { name: 'Edit' }).click()
      await eventually(async () => (await text()) === 'On Thursday then')
      await scheduled('On Thursday then').waitFor({ state: 'detached' })
      await composer().fill('')
    },
    WITHIN_MS,
  )

  test(
    'one whose window closed meanwhile says why it was not sent, and goes out once the customer has written again',
    async () => {
      const before = received().length
      await sendLater('Still interested?', 'hour')
      await scheduled('Still interested?').waitFor()
      await sql`update conversations c set last_inbound_at = now() - interval '25 hours'
        from contacts p where p.id = c.contact_id and p.name = 'Nora Quinn'`
      await itIsTime('Still interested?')
      await scheduled('Still interested?').getByText('Not sent: the 24-hour window had closed').waitFor()
      await checkLooks('scheduled-refused')
      expect(received().slice(before)).toEqual([])
      await desk.write({ type: 'text', text: 'I am back' })
      await scheduled('Still interested?').getByRole('button', { name: 'Send now' }).click()
      await read(page, 'Still interested?').waitFor()
      expect(received().slice(before)).toEqual(['Still interested?'])
    },
    WITHIN_MS,
  )

  test(
    'Ctrl and Enter send the answer and resolve the conversation',
    async () => {
      const before = received().length
      await composer().fill('Done, goodbye')
      await composer().press('Control+Enter')
      await page.getByText('The conversation with Nora Quinn is resolved.').first().waitFor()
      await eventually(async () => received().slice(before).includes('Done, goodbye'))
      const { conversations } = await ask('conversations.list', page, { view: 'resolved', limit: 50 })
      expect(conversations.map(({ contact }: { contact: { name: string } }) => contact.name)).toContain(
        'Nora Quinn',
      )
      await page.goto(desk.stack.url)
      await desk.write({ type: 'text', text: 'One more thing' })
      await openConversation(page)
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
