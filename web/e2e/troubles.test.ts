import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import postgres from 'postgres'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { delivery, post, seconds } from '../../server/testing/delivery.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, openBrowser, showTheme, signInAs } from './browser.ts'

const CUSTOMER = { name: 'Nora Quinn', number: '16505557788' }
const UNREACHABLE = { name: 'Jonas Clarke', number: '447700900026' }
const WITHIN_MS = 60_000

describe('the inbox in a browser when something goes wrong', () => {
  let stack: Stack
  let browser: Browser
  let sql: postgres.Sql
  let ana: { page: Page; complaints: string[] }
  const frames: string[] = []

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => {} })
    stack.simulator.phones.add(CUSTOMER.name, CUSTOMER.number)
    ana = await signInAs(browser, stack.url, 'ana@demo.baton')
    ana.page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => frames.push(String(payload))),
    )
    await write('Hello, it is Nora')
    await row(ana.page).click()
    await bubble(ana.page, 'Hello, it is Nora').waitFor()
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await sql?.end()
    await stack?.stop()
  }, WITHIN_MS)

  const row = (page: Page, name = CUSTOMER.name) => page.locator('[data-conversation]', { hasText: name })
  const bubble = (page: Page, text: string) => page.locator('[data-message]', { hasText: text })
  const write = (text: string) => stack.simulator.phones.write(CUSTOMER.number, { type: 'text', text })
  const sentToNora = () => stack.simulator.phones.log(CUSTOMER.number).length
  const say = async (page: Page, text: string) => {
    await page.locator('[data-composer]').fill(text)
    await page.keyboard.press('Enter')
  }
  const stored = (text: string) =>
    eventually(async () => (await sql`select 1 from messages where body = ${text}`).length === 1, {
      withinMs: 20_000,
    })
  const fromNora = (wamid: string, message: object) =>
    post(
      stack.url,
      delivery({
        contacts: [{ profile: { name: CUSTOMER.name }, wa_id: CUSTOMER.number }],
        messages: [{ from: CUSTOMER.number, id: wamid, timestamp: seconds(new Date()), ...message }],
      }),
    )

  test(
    'a log that was cut off meanwhile is told, and list and thread load again and go on',
    async () => {
      const { page } = ana
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      // Chromium's offline mode holds the frames of an open socket back and delivers them afterwards, also when the server has
      // gone since: the socket has to be dead before anything is said.
      await stack.restartServer()
      for (const text of ['Missed one', 'Missed two']) await write(text)
      await Promise.all(['Missed one', 'Missed two'].map(stored))
      await sql`delete from events where seq < (select max(seq) from events)`
      await page.context().setOffline(false)
      for (const text of ['Missed one', 'Missed two']) await bubble(page, text).waitFor()
      // The page may show what it loaded anew before word of the frame, which comes by another process, is here.
      const resyncs = () => frames.filter((frame) => frame.includes('cursor_too_old')).length
      await eventually(() => resyncs() > 0)
      expect(resyncs()).toBe(1)
      await row(page).getByText('Missed two').waitFor()
      await write('And it goes on')
      await bubble(page, 'And it goes on').waitFor()
      expect(await bubble(page, 'Hello, it is Nora').count()).toBe(1)
    },
    WITHIN_MS,
  )

  test(
    'who is taken out of the team of a channel sees its conversations vanish at once, and finds all again when added',
    async () => {
      const { page } = ana
      await page.reload() // its frames are heard from the first one on
      await page.locator('[data-composer]').fill('Half a thought')
      const taken = await sql<{ team_id: string; agent_id: string }[]>`
        delete from team_members using agents
        where agents.id = team_members.agent_id and agents.email = 'ana@demo.baton'
        returning team_id, agent_id`
      const since = performance.now()
      await page.getByRole('heading', { name: 'You cannot see this conversation any more' }).waitFor()
      await page.getByRole('heading', { name: 'No channel is yours to see' }).waitFor()
      expect(performance.now() - since).toBeLessThan(3000)
      expect(await page.locator('[data-conversation], [data-message], [data-composer]').count()).toBe(0)
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, 'out-of-reach')
      await write('Said while Ana was out')
      await stored('Said while Ana was out')
      await sql`insert into team_members ${sql([...taken])}`
      await bubble(page, 'Said while Ana was out').waitFor()
      await row(page).waitFor()
      expect(await page.locator('[data-composer]').inputValue()).toBe('Half a thought')
      await page.locator('[data-composer]').fill('')
      await write('And it goes on for her')
      await bubble(page, 'And it goes on for her').waitFor()
      expect(await bubble(page, 'Said while Ana was out').count()).toBe(1)
      // A new socket is told of no change that is known already.
      const changes = () => frames.filter((frame) => frame.includes('access_changed')).length
      await eventually(() => changes() === 2)
      await stack.restartServer()
      await write('Over the new socket')
      await bubble(page, 'Over the new socket').waitFor()
      expect(changes()).toBe(2)
    },
    WITHIN_MS,
  )

  test(
    'a refused message says why, is sent by another try, and can be removed',
    async () => {
      const { page } = ana
      const closeWindow = (hours: number) => sql`
        update conversations set last_inbound_at = now() - make_interval(hours => ${hours})
        from contacts where contacts.id = conversations.contact_id and contacts.name = ${CUSTOMER.name}`
      expect((await closeWindow(25)).count).toBe(1)
      await say(page, 'Refused at first')
      await page.getByText('WhatsApp only takes templates until they write again').waitFor()
      await keepPicture(page, 'refused')
      expect(sentToNora()).toBe(0)
      await page.getByRole('button', { name: 'Try again' }).click()
      await page.getByText('WhatsApp only takes templates until they write again').waitFor()
      await closeWindow(0)
      await page.getByRole('button', { name: 'Try again' }).click()
      await bubble(page, 'Refused at first').locator('[data-status=read]').waitFor()
      expect(sentToNora()).toBe(1)
      await closeWindow(25)
      await say(page, 'Better not')
      await page.getByRole('button', { name: 'Remove' }).click()
      await bubble(page, 'Better not').waitFor({ state: 'detached' })
      await closeWindow(0)
      expect(sentToNora()).toBe(1)
    },
    WITHIN_MS,
  )

  test(
    'what was said offline is sent once',
    async () => {
      const { page } = ana
      const before = sentToNora()
      await page.context().setOffline(true)
      await say(page, 'Said offline')
      await page.getByText('1 waiting').waitFor()
      await page.context().setOffline(false)
      await bubble(page, 'Said offline').locator('[data-status=read]').waitFor()
      expect(await bubble(page, 'Said offline').count()).toBe(1)
      expect(sentToNora()).toBe(before + 1)
    },
    WITHIN_MS,
  )

  test(
    'a server that restarts under an open browser is found again, and what came meanwhile is there',
    async () => {
      const { page } = ana
      const restarted = stack.restartServer()
      await say(page, 'Sent while it restarted')
      await restarted
      await write('The lights flickered')
      await bubble(page, 'The lights flickered').waitFor()
      await bubble(page, 'Sent while it restarted').locator('[data-status=read]').waitFor()
      expect(await bubble(page, 'Sent while it restarted').count()).toBe(1)
      await page.getByText('Reconnecting').waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'an edited message shows its newest words and that it was edited, a revoked one that it is gone',
    async () => {
      const { page } = ana
      await fromNora('wamid.to.edit', { type: 'text', text: { body: 'Table nine' } })
      await fromNora('wamid.to.revoke', { type: 'text', text: { body: 'Wrong chat' } })
      await bubble(page, 'Wrong chat').waitFor()
      await fromNora('wamid.edit', {
        type: 'edit',
        edit: {
          original_message_id: 'wamid.to.edit',
          message: { type: 'text', text: { body: 'Table ten' } },
        },
      })
      await fromNora('wamid.revoke', { type: 'revoke', revoke: { original_message_id: 'wamid.to.revoke' } })
      await bubble(page, 'Table ten').getByText('edited').waitFor()
      await bubble(page, 'Message deleted').waitFor()
      expect(await bubble(page, 'Wrong chat').count()).toBe(0)
      expect(await bubble(page, 'Table nine').count()).toBe(0)
    },
    WITHIN_MS,
  )

  test(
    'a message that WhatsApp could not deliver says so plainly, with the code',
    async () => {
      const { page } = ana
      await stack.simulator.phones.write(UNREACHABLE.number, { type: 'text', text: 'Can you call me?' })
      await row(page, UNREACHABLE.name).click()
      await bubble(page, 'Can you call me?').waitFor()
      await say(page, 'I will, at five')
      await bubble(page, 'I will, at five').getByText('not delivered').waitFor()
      const words = 'The number cannot be reached on WhatsApp. Check the number, or call. (131026)'
      await page
        .locator('[data-message]:has-text("I will, at five") + [role=note]', { hasText: words })
        .waitFor()
      await row(page, UNREACHABLE.name).getByText('Not delivered').waitFor()
      await keepPicture(page, 'failed')
      await row(page).click()
    },
    WITHIN_MS,
  )

  test(
    'the raw JSON of an unknown kind is for administrators',
    async () => {
      await fromNora('wamid.unknown', { type: 'hologram', hologram: { depth: 3 } })
      await bubble(ana.page, 'Message of a new kind').waitFor()
      expect(await ana.page.getByRole('button', { name: 'Show raw JSON' }).count()).toBe(0)
      const carla = await signInAs(browser, stack.url, 'carla@demo.baton')
      await row(carla.page).click()
      await bubble(carla.page, 'Message of a new kind').getByRole('button', { name: 'Show raw JSON' }).click()
      await bubble(carla.page, 'Message of a new kind').getByText('"depth": 3').waitFor()
      expect(await accessibilityViolations(carla.page)).toEqual([])
      await keepPicture(carla.page, 'raw-json')
      await carla.page.context().close()
    },
    WITHIN_MS,
  )

  test(
    'there are no accessibility violations with a menu open, light or dark',
    async () => {
      const { page } = ana
      for (const name of ['account']) {
        await page.getByRole('button', { name }).click()
        await page.getByRole('menu').waitFor()
        for (const theme of ['dark', 'light'] as const) {
          await showTheme(page, theme)
          expect(await accessibilityViolations(page)).toEqual([])
        }
        await page.keyboard.press('Escape')
        await page.getByRole('menu').waitFor({ state: 'detached' })
      }
    },
    WITHIN_MS,
  )

  test(
    'nothing is cut off at the side, from a small phone to a wide screen',
    async () => {
      const { page } = ana
      for (const width of [360, 900, 1024, 1280, 1920, 2560]) {
        await page.setViewportSize({ width, height: 900 })
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        expect([width, overflow]).toEqual([width, 0])
        await keepPicture(page, `thread-${width}`)
      }
    },
    WITHIN_MS,
  )
})
