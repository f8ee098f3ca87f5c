import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture } from './browser.ts'
import { bubble, type Desk, row, say, sitDown } from './desk.ts'

const WITHIN_MS = 60_000

// As text: these run in the page, and the types of a page are not known here.
const WORKER_IS_READY =
  'navigator.serviceWorker.ready.then(({ active }) => new Promise((done) => active.state === "activated" ? done() : active.addEventListener("statechange", () => active.state === "activated" && done())))'
const IS_KEPT = `indexedDB.databases().then((all) => new Promise((done) => {
  const opening = indexedDB.open(all.find(({ name }) => name.startsWith('baton:')).name)
  opening.onsuccess = () => {
    const asked = opening.result.transaction('outbox').objectStore('outbox').count()
    asked.onsuccess = () => (opening.result.close(), done(asked.result > 0))
  }
}))`
const KEPT_ADDRESSES =
  'caches.keys().then((names) => Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)))).then((all) => all.flat())'

describe('the installed app', () => {
  let desk: Desk
  let page: Page

  beforeAll(async () => {
    desk = await sitDown()
    page = desk.page
    await page.evaluate(WORKER_IS_READY)
  }, WITHIN_MS)

  afterAll(() => desk?.stop(), WITHIN_MS)

  test('a browser can install it: a manifest with icons that are there, and a worker for the whole site', async () => {
    const at = (path: string) => fetch(desk.stack.url + path)
    const manifest = await at('/manifest.webmanifest')
    expect(manifest.headers.get('content-type')).toBe('application/manifest+json')
    const { icons, display } = (await manifest.json()) as {
      icons: { src: string; purpose?: string }[]
      display: string
    }
    expect(display).toBe('standalone')
    expect(icons.some(({ purpose }) => purpose === 'maskable')).toBe(true)
    for (const { src } of icons) expect((await at(src)).headers.get('content-type')).toStartWith('image/')
    const worker = await at('/service-worker.js')
    expect(worker.headers.get('service-worker-allowed')).toBe('/')
    expect(worker.headers.get('cache-control')).toBe('no-cache')
    const shell = await fetch(desk.stack.url, { headers: { accept: 'text/html' } })
    expect(shell.headers.get('content-security-policy')).toContain("manifest-src 'self'")
  })

  test('the device keeps the page and its files, and nothing that is private', async () => {
    const kept = await page.evaluate<string[]>(KEPT_ADDRESSES)
    expect(kept).toContain('/')
    expect(kept.some((path) => path.endsWith('.js'))).toBe(true)
    expect(kept.filter((path) => path !== '/' && !path.startsWith('/_app/immutable/'))).toEqual([])
    expect(kept.filter((path) => /\/words-/.test(path))).toEqual([])
  })

  test(
    'a reload without a network shows the inbox, and what waits is sent once the network is back',
    async () => {
      const context = page.context()
      await context.setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await say(page, 'I write this in a tunnel')
      await page.getByText('1 waiting').waitFor()
      // The bubble stands there in the same instant; the device has it some milliseconds later.
      await eventually(() => page.evaluate<boolean>(IS_KEPT))
      await page.reload()
      await page.getByRole('heading', { name: 'Inbox', exact: true }).waitFor()
      await page.getByText('You are currently offline').waitFor()
      await page.getByText('1 waiting').waitFor()
      await keepPicture(page, 'pwa-offline')
      expect(await accessibilityViolations(page)).toEqual([])
      await context.setOffline(false)
      await row(page).waitFor()
      await bubble(page, 'I write this in a tunnel').locator('[data-status=read]').waitFor()
      expect(desk.received().map(({ content }) => content.body)).toEqual(['I write this in a tunnel'])
    },
    WITHIN_MS,
  )

  test(
    'a new version waits until the agent takes it, and a draft outlives it',
    async () => {
      await page.locator('[data-composer]').fill('Not sent yet')
      // The same worker under another address is a new version to the browser.
      await page.evaluate("navigator.serviceWorker.register('/service-worker.js?next').then(() => {})")
      const bar = page.locator('[data-update]')
      await bar.getByText('A new version is ready.').waitFor()
      await keepPicture(page, 'pwa-update')
      expect(await page.locator('[data-composer]').inputValue()).toBe('Not sent yet')
      await page.evaluate('window.isOld = true')
      await bar.getByRole('button', { name: 'Reload' }).click()
      await eventually(() => page.evaluate<boolean>('!window.isOld'), { withinMs: 20_000 })
      await page.locator('[data-composer]').waitFor()
      expect(await page.locator('[data-composer]').inputValue()).toBe('Not sent yet')
      await eventually(
        () => page.evaluate<boolean>("navigator.serviceWorker.controller.scriptURL.endsWith('?next')"),
        { withinMs: 20_000 },
      )
    },
    WITHIN_MS,
  )

  test(
    'after signing out nothing of the agent is on the device',
    async () => {
      await page.getByRole('button', { name: /account/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.waitForURL('**/sign-in**')
      expect(
        await page.evaluate<string[]>(
          "Object.keys(localStorage).filter((key) => localStorage[key].includes('ana@'))",
        ),
      ).toEqual([])
      await page.context().setOffline(true)
      await page.goto(desk.stack.url).catch(() => {})
      await page.getByText('Baton could not be opened').waitFor()
      await page.context().setOffline(false)
    },
    WITHIN_MS,
  )
})
