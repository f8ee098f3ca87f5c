import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { MARKUP_PAYLOADS, wordsOf } from '../../scripts/testing/attacks/markupPayloads.ts'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import { pagePolicy } from '../../server/http/securityHeaders.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { keepPicture, openBrowser, signInAs } from './browser.ts'
import { type MarkupThread, plantMarkup } from './markup/plantMarkup.ts'
import { type Injected, lookForMarkup, watchMarkup } from './markup/watchMarkup.ts'

/**
 * CVE-2026-24399 (ChatterMate, 9.3: script in a message), CVE-2017-1000054 (Rocket.Chat: markup by markdown), CVE-2021-3741 (Chatwoot).
 * Everything that customers and colleagues can write is written as markup, in every place, and every page is opened that shows it.
 */
const WITHIN_MS = 300_000
const NOTHING: Injected = { violations: [], dialogs: [], calls: [], requests: [], elements: [] }
const DESK = { width: 1440, height: 900 }
/** So high that every bubble of a conversation is drawn. */
const TALL = { width: 1440, height: 12_000 }
const PAGES = [
  'labels',
  'canned-replies',
  'people',
  'teams',
  'roles',
  'channels',
  'audit',
  'dead-letters',
  'api-keys',
]

// As text: these run in the page, and the types of a page are not known here.
const DRAWN = `[...document.querySelectorAll('[data-message]')].map((one) => one.getAttribute('data-message'))`
const FURTHER_UP = `document.querySelector('[data-thread]')?.scrollBy(0, -8000)`

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())

describe('markup that people write', () => {
  let stack: Stack
  let page: Page
  let injected: Injected
  let complaints: string[]
  let threads: MarkupThread[]

  beforeAll(async () => {
    stack = await startStack({ hasRateLimits: false })
    threads = await plantMarkup(stack)
    const signedIn = await signInAs(browser, stack.url, 'carla@demo.baton', (context) =>
      watchMarkup(context, stack.url).then((watched) => {
        injected = watched
      }),
    )
    page = signedIn.page
    complaints = signedIn.complaints
  }, WITHIN_MS)
  afterAll(() => stack?.stop(), WITHIN_MS)

  const look = () => lookForMarkup(page, injected)
  const nothingCameOfIt = async () => {
    await look()
    expect(injected).toEqual(NOTHING)
    // Words of a customer in the console would be words of the browser about what it ran.
    expect(complaints.filter((line) => !/40[49]/.test(line))).toEqual([])
  }

  test(
    'is shown as words in every bubble, header, list and panel of a conversation',
    async () => {
      const seen = new Set<number>()
      await page.setViewportSize(TALL)
      for (const { conversationId, bubbles } of threads) {
        await page.goto(`${stack.url}/c/${conversationId}`)
        // A list draws what is in sight: so it is looked at on the way up, until every bubble was seen.
        const drawn = new Set<string>()
        await eventually(
          async () => {
            for (const id of await page.evaluate<string[]>(DRAWN)) drawn.add(id)
            await look()
            const text = (await page.locator('main').textContent()) ?? ''
            for (const index of MARKUP_PAYLOADS.keys()) if (text.includes(wordsOf(index))) seen.add(index)
            await page.evaluate(FURTHER_UP)
            return drawn.size >= bubbles
          },
          { withinMs: 60_000, what: `the ${bubbles} bubbles of a thread are seen` },
        )
      }
      expect(seen.size).toBe(MARKUP_PAYLOADS.length)
      await page.setViewportSize(DESK)
      await keepPicture(page, 'markup-conversation')
      await nothingCameOfIt()
    },
    WITHIN_MS,
  )

  test(
    'is shown as words on every page of the settings',
    async () => {
      for (const path of PAGES) {
        await page.goto(`${stack.url}/settings/${path}`)
        if (path === 'dead-letters') await page.getByRole('button', { name: 'Show raw JSON' }).first().click()
        await page.getByText('injected(').first().waitFor({ state: 'attached' })
        await look()
      }
      await keepPicture(page, 'markup-settings')
      await nothingCameOfIt()
    },
    WITHIN_MS,
  )

  test(
    'is shown as words among what is found, what was not delivered, in the palette and in what is suggested',
    async () => {
      await page.goto(`${stack.url}/search?q=injected`)
      await page.locator('[data-hit] mark').first().waitFor({ timeout: 30_000 })
      await look()
      await page.goto(`${stack.url}/not-delivered`)
      await page.getByText('injected(').first().waitFor()
      await look()
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').waitFor()
      await page.keyboard.type('injected')
      await page.getByRole('option').first().waitFor()
      await look()
      await page.keyboard.press('Escape')
      await page.goto(`${stack.url}/c/${threads[0]?.conversationId}`)
      await page.locator('[data-composer]').fill('/')
      await page.getByRole('option').first().waitFor()
      await nothingCameOfIt()
    },
    WITHIN_MS,
  )
})

describe('the watch over it', () => {
  /** What a page would be that makes elements of what people write. */
  async function carelessPage(policy: string | null): Promise<Injected> {
    const html = '<!doctype html><title>Careless</title><main></main>'
    const server = Bun.serve({
      hostname: '127.0.0.1',
      port: 0,
      fetch: (request) => {
        if (new URL(request.url).pathname !== '/') return new Response(null, { status: 404 })
        const headers = { 'content-type': 'text/html', ...(policy && { 'content-security-policy': policy }) }
        return new Response(html, { headers })
      },
    })
    const origin = `http://127.0.0.1:${server.port}`
    const context = await browser.newContext()
    const injected = await watchMarkup(context, origin)
    // A page that was led away could not be looked at any more.
    await context.route(/attacker\.invalid/, (route) => route.abort('aborted'))
    const page = await context.newPage()
    await page.goto(origin)
    for (const payload of MARKUP_PAYLOADS) {
      await page.evaluate(`{
        const main = document.querySelector('main')
        main.innerHTML = ${JSON.stringify(payload)}
        const button = document.createElement('button')
        button.setAttribute('onclick', 'alert(1)')
        main.after(button)
        button.click()
        button.remove()
      }`)
      await lookForMarkup(page, injected)
    }
    await context.close()
    await server.stop(true)
    return injected
  }

  test(
    'notices what a page without care and without a policy makes of the same words',
    async () => {
      const { calls, dialogs, elements, requests } = await carelessPage(null)
      expect(new Set(calls).size).toBeGreaterThan(15)
      expect(dialogs.length).toBeGreaterThan(50)
      expect(elements.length).toBeGreaterThan(50)
      expect(requests.some((url) => url.includes('attacker.invalid'))).toBe(true)
    },
    WITHIN_MS,
  )

  test(
    'notices what the policy of the inbox has to stop on such a page: all but being led away, for which there is no policy',
    async () => {
      const policy = pagePolicy('', ['http://127.0.0.1'])
      const { calls, dialogs, violations, elements, requests } = await carelessPage(policy)
      const ledAway = MARKUP_PAYLOADS.findIndex((payload) => payload.includes('http-equiv="refresh"'))
      expect([calls, dialogs, requests]).toEqual([[], [], [`https://attacker.invalid/${ledAway}`]])
      expect(violations.length).toBeGreaterThan(50)
      expect(elements.length).toBeGreaterThan(50)
    },
    WITHIN_MS,
  )
})
