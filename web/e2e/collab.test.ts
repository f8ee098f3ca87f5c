import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { RedisClient } from 'bun'
import type { Browser, Page } from 'playwright-core'
import postgres from 'postgres'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, openBrowser, showTheme, signInAs } from './browser.ts'

const CUSTOMER = { name: 'Nora Quinn', number: '16505557788' }
const OTHER = 'Sheena Nelson'
const WITHIN_MS = 60_000

describe('two agents at one conversation', () => {
  let stack: Stack
  let browser: Browser
  let sql: postgres.Sql
  let ana: { page: Page; complaints: string[] }
  let ben: { page: Page; complaints: string[] }

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startStack(), openBrowser()])
    sql = postgres(stack.databaseUrl, { max: 1, onnotice: () => {} })
    stack.simulator.phones.add(CUSTOMER.name, CUSTOMER.number)
    await write('Is the oak table still there?')
    ;[ana, ben] = await Promise.all([
      signInAs(browser, stack.url, 'ana@demo.baton'),
      signInAs(browser, stack.url, 'ben@demo.baton'),
    ])
    for (const { page } of [ana, ben]) await open(page)
  }, WITHIN_MS)

  afterAll(async () => {
    await browser?.close()
    await sql?.end()
    await stack?.stop()
  }, WITHIN_MS)

  const row = (page: Page, name = CUSTOMER.name) => page.locator('[data-conversation]', { hasText: name })
  const bubble = (page: Page, text: string) => page.locator('[data-message]', { hasText: text })
  const read = (page: Page, text: string) => bubble(page, text).locator('[data-status=read]')
  const composer = (page: Page) => page.locator('[data-composer]')
  const bar = (page: Page, is: string) => page.locator(`[data-baton=${is}]`)
  const write = (text: string) => stack.simulator.phones.write(CUSTOMER.number, { type: 'text', text })
  const received = () => stack.simulator.phones.log(CUSTOMER.number).map(({ content }) => content.body)
  const open = async (page: Page, name = CUSTOMER.name) => {
    await row(page, name).click()
    await page.locator('[data-thread]').waitFor()
  }
  const leave = async (page: Page) => {
    await open(page, OTHER)
    await eventually(async () => !(await holdsABaton(page)))
    // A send without the baton takes one that was claimed within the last second for held: nobody passes it on so fast.
    await eventually(
      async () =>
        (
          await sql`select 1 from conversation_locks where claimed_at > clock_timestamp() - interval '1.1 seconds'`
        ).length === 0,
    )
  }
  const holdsABaton = async (page: Page) => {
    const answer = await page.request.get(`${stack.url}/trpc/locks.list`)
    return (await answer.text()).includes(`"name":"${page === ben.page ? 'Ben' : 'Ana'}"`)
  }
  const checkLooks = async (page: Page, name: string) => {
    for (const theme of ['dark', 'light'] as const) {
      await showTheme(page, theme)
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, `${name}-${theme}`)
    }
  }

  test(
    'whoever focuses the reply holds the baton, and the other sees by whom it is locked, for how long, and in the list',
    async () => {
      await composer(ana.page).click()
      await bar(ana.page, 'mine').getByText('You have the baton').waitFor()
      await bar(ben.page, 'theirs').getByText('Ana is replying').waitFor()
      expect(await bar(ben.page, 'theirs').textContent()).toMatch(/reply locked for 0:(30|2\d)/)
      await row(ben.page).locator('[data-lock][title="Ana is replying"]').waitFor()
      expect(
        await ben.page.getByRole('status').getByText('Reply locked by Ana. You can take over.').count(),
      ).toBe(1)
      await checkLooks(ben.page, 'locked')
    },
    WITHIN_MS,
  )

  test(
    'while Ana types, Ben sees it in thread and list, and no longer when she stops',
    async () => {
      await composer(ana.page).fill('It is, and')
      await ben.page.locator('[data-typing]', { hasText: 'Ana is typing…' }).waitFor()
      await row(ben.page).getByText('Ana is typing…').waitFor()
      await ana.page.getByRole('heading', { name: 'Inbox' }).click()
      await ben.page.locator('[data-typing]').waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'who has the conversation open is in its header and in the list, and leaves both',
    async () => {
      await ben.page.locator('header [data-viewers]', { hasText: 'Ana is here' }).waitFor()
      await row(ben.page).locator('[data-viewers]', { hasText: 'Ana is here' }).waitFor()
      await bar(ana.page, 'mine').getByText('Ben sees that you are replying').waitFor()
      await checkLooks(ana.page, 'mine')
      await leave(ben.page)
      await ana.page.locator('header [data-viewers]').waitFor({ state: 'detached' })
      await open(ben.page)
      await ana.page.locator('header [data-viewers]', { hasText: 'Ben is here' }).waitFor()
    },
    WITHIN_MS,
  )

  test(
    'Ben takes over by key; Ana is told by whom, her Enter sends nothing, her draft stays, and Ben sends',
    async () => {
      await composer(ana.page).fill('It is, and it can be yours')
      await ben.page.keyboard.press('b')
      await bar(ben.page, 'mine').waitFor()
      await bar(ana.page, 'taken').getByText('Ben took over this conversation').waitFor()
      await checkLooks(ana.page, 'taken')
      await composer(ana.page).press('Enter')
      expect(await composer(ana.page).inputValue()).toBe('It is, and it can be yours')
      await ben.page.keyboard.type('It is. When may we bring it?')
      await ben.page.keyboard.press('Enter')
      await read(ana.page, 'When may we bring it?').waitFor()
      expect(received()).toEqual(['It is. When may we bring it?'])
    },
    WITHIN_MS,
  )

  test(
    'the loser hands over the draft, and it is offered to whoever holds the baton',
    async () => {
      await bar(ana.page, 'taken').getByRole('button', { name: 'Hand over my draft' }).click()
      await bar(ana.page, 'theirs').getByText('has your draft').waitFor()
      expect(await composer(ana.page).inputValue()).toBe('')
      const offer = ben.page.locator('[data-offered-draft]', { hasText: 'Ana left you a draft' })
      await offer.waitFor()
      await checkLooks(ben.page, 'draft-offered')
      await offer.getByRole('button', { name: 'Insert' }).click()
      expect(await composer(ben.page).inputValue()).toBe('It is, and it can be yours')
      await offer.waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'the baton goes to who waits for it when its holder leaves, and survives a reload of the holder',
    async () => {
      await composer(ana.page).click()
      await composer(ben.page).fill('')
      await leave(ben.page)
      await bar(ana.page, 'mine').waitFor()
      await open(ben.page)
      await composer(ana.page).fill('A draft that outlives the reload')
      await bar(ben.page, 'theirs').waitFor()
      await ana.page.reload()
      await bar(ana.page, 'mine').waitFor()
      expect(await composer(ana.page).inputValue()).toBe('A draft that outlives the reload')
      expect(await bar(ben.page, 'theirs').count()).toBe(1)
    },
    WITHIN_MS,
  )

  test(
    'a tab that was not told of the takeover is refused by the server, and its words come back to it',
    async () => {
      const before = received().length
      // The socket of Ana is held back, as in a tunnel that lets requests through: she learns nothing by it.
      await ana.page.context().setOffline(true)
      await ben.page.keyboard.press('b')
      await bar(ben.page, 'mine').waitFor()
      await composer(ana.page).press('Enter')
      await ana.page.getByText('1 waiting').waitFor()
      await ana.page.context().setOffline(false)
      await bar(ana.page, 'taken').getByText('Ben took over this conversation').waitFor()
      await eventually(
        async () => (await composer(ana.page).inputValue()) === 'A draft that outlives the reload',
      )
      expect(await bubble(ana.page, 'A draft that outlives the reload').count()).toBe(0)
      expect(received().length).toBe(before)
      await bar(ana.page, 'taken').getByRole('button', { name: 'Take back' }).click()
      await bar(ana.page, 'mine').waitFor()
      await composer(ana.page).press('Enter')
      await read(ana.page, 'A draft that outlives the reload').waitFor()
      expect(received().slice(before)).toEqual(['A draft that outlives the reload'])
    },
    WITHIN_MS,
  )

  test(
    'what a colleague answered while Ana was offline holds her message back; Escape edits, one key sends it anyway',
    async () => {
      const { page } = ana
      const before = received().length
      // Whoever comes back to a conversation has seen what stands there.
      for (const one of [page, ben.page]) {
        await leave(one)
        await open(one)
      }
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await composer(page).fill('Friday at nine suits us')
      await composer(page).press('Enter')
      await composer(ben.page).fill('We come on Thursday')
      await composer(ben.page).press('Enter')
      await read(ben.page, 'We come on Thursday').waitFor()
      await leave(ben.page)
      await page.context().setOffline(false)
      await bar(page, 'guard')
        .getByText(/^Ben answered .* before your message was sent\.$/)
        .waitFor()
      await page
        .getByRole('list', { name: 'What you have not seen' })
        .getByText('We come on Thursday')
        .waitFor()
      expect(await composer(page).inputValue()).toBe('Friday at nine suits us')
      await checkLooks(page, 'guard')
      await composer(page).press('Enter')
      await composer(page).press('Escape')
      await bar(page, 'guard').waitFor({ state: 'detached' })
      expect(await composer(page).inputValue()).toBe('Friday at nine suits us')
      expect(received().slice(before)).toEqual(['We come on Thursday'])
    },
    WITHIN_MS,
  )

  test(
    'an answer that crosses a colleague’s by a moment is held back, and Ctrl Enter sends it anyway',
    async () => {
      const { page } = ana
      const before = received().length
      await leave(page)
      await open(page)
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await composer(page).fill('Or on Saturday')
      await composer(page).press('Enter')
      await open(ben.page)
      await composer(ben.page).fill('In the morning')
      await composer(ben.page).press('Enter')
      await read(ben.page, 'In the morning').waitFor()
      await leave(ben.page)
      await page.context().setOffline(false)
      await bar(page, 'guard').waitFor()
      await composer(page).press('Control+Enter')
      await read(page, 'Or on Saturday').waitFor()
      expect(received().slice(before)).toEqual(['In the morning', 'Or on Saturday'])
    },
    WITHIN_MS,
  )

  test(
    'a baton that was passed on and given back meanwhile stops nothing, but what was said with it does',
    async () => {
      const { page } = ana
      const before = received().length
      await composer(page).fill('At noon then')
      await bar(page, 'mine').waitFor()
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await composer(page).press('Enter')
      await open(ben.page)
      await ben.page.locator('[data-take-over]').click()
      await bar(ben.page, 'mine').waitFor()
      await composer(ben.page).fill('At nine')
      await composer(ben.page).press('Enter')
      await read(ben.page, 'At nine').waitFor()
      await leave(ben.page)
      await page.context().setOffline(false)
      await bar(page, 'guard')
        .getByText(/^Ben answered/)
        .waitFor()
      await bar(page, 'guard').getByRole('button', { name: 'Send anyway' }).click()
      await read(page, 'At noon then').waitFor()
      expect(received().slice(before)).toEqual(['At nine', 'At noon then'])
    },
    WITHIN_MS,
  )

  test(
    'after a minute offline, in which the baton lapsed and nobody wanted it, what waits goes out by itself',
    async () => {
      const { page } = ana
      const before = received().length
      await composer(page).fill('See you then')
      await bar(page, 'mine').waitFor()
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await composer(page).press('Enter')
      await page.getByText('1 waiting').waitFor()
      // As it is a minute later: the lock has run out, and another tab of hers had one since.
      const redis = new RedisClient(stack.redisUrl)
      const locks = await redis.keys('baton:lock:*')
      expect(locks.length).toBe(1)
      await redis.del(...locks)
      redis.close()
      await sql`update conversation_locks set fence = fence + 1`
      await page.context().setOffline(false)
      await read(page, 'See you then').waitFor()
      expect(received().slice(before)).toEqual(['See you then'])
    },
    WITHIN_MS,
  )

  test(
    'an agent is online, and offline for the others once the last tab is closed',
    async () => {
      await open(ben.page)
      await ana.page.locator('header [data-viewers] [data-agent-state=online]').waitFor()
      await ben.page.close()
      // Within the seconds in which a reload would be back, and long before the tab would have run out.
      await ana.page.locator('header [data-viewers]').waitFor({ state: 'detached', timeout: 10_000 })
    },
    WITHIN_MS,
  )
})
