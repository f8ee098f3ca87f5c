import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, nextFrames, signInAs } from './browser.ts'
import { type Deployed, deploy } from './deploy.ts'
import { bubble, type Desk, openConversation, row, say, sitDown } from './desk.ts'

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
const LOOK_FOR_ANOTHER = 'navigator.serviceWorker.ready.then((one) => one.update()).then(() => {})'
const THROUGH_WORKER = `performance.getEntriesByType('resource').filter(({ workerStart, workerFinalSourceType }) => workerStart > 0 && workerFinalSourceType !== 'network').map(({ name }) => new URL(name).pathname)`

describe('the installed app', () => {
  let desk: Desk
  let page: Page
  let deployed: Deployed

  beforeAll(async () => {
    deployed = await deploy()
    desk = await sitDown({ siteFolder: deployed.folder })
    page = desk.page
    await page.evaluate(WORKER_IS_READY)
  }, WITHIN_MS)

  afterAll(async () => {
    await desk?.stop()
    await deployed?.remove()
  }, WITHIN_MS)

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

  test('nothing that is asked of the API waits for the worker', async () => {
    const woke = await page.evaluate<string[]>(THROUGH_WORKER)
    expect(woke.some((path) => path.startsWith('/_app/immutable/'))).toBe(true)
    expect(woke.filter((path) => path.startsWith('/trpc'))).toEqual([])
  })

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

  describe('with a new version', () => {
    // Playwright holds on to a worker that gives way to another, and to what is loaded at that moment: a window for each test.
    beforeEach(async () => {
      await page.context().close()
      page = (await signInAs(desk.browser, desk.stack.url, 'ana@demo.baton')).page
      await openConversation(page)
      await page.evaluate(WORKER_IS_READY)
    }, WITHIN_MS)

    const bar = () => page.locator('[data-update]')
    /** The page has asked which version the server has, once more. */
    const hasCompared = () => page.waitForResponse('**/_app/version.json').then((answer) => answer.finished())
    const isOfVersion = (version: string) =>
      eventually(async () => (await page.content()).includes(`version: "${version}"`), { withinMs: 20_000 })

    test(
      'it waits until the agent takes it, and a draft outlives it',
      async () => {
        await page.locator('[data-composer]').fill('Not sent yet')
        await deployed.another('second')
        await page.evaluate(LOOK_FOR_ANOTHER)
        await bar().getByText('A new version is ready.').waitFor()
        await keepPicture(page, 'pwa-update')
        expect(await page.locator('[data-composer]').inputValue()).toBe('Not sent yet')
        expect(await page.content()).not.toContain('second')
        await page.context().setOffline(true)
        await bar().waitFor({ state: 'detached' })
        await page.context().setOffline(false)
        await bar().waitFor()
        const compared = hasCompared()
        await bar().getByRole('button', { name: 'Reload' }).click()
        await isOfVersion('second')
        await page.locator('[data-composer]').waitFor()
        expect(await page.locator('[data-composer]').inputValue()).toBe('Not sent yet')
        await compared
        await nextFrames(page)
        expect(await bar().count()).toBe(0)
      },
      WITHIN_MS,
    )

    test(
      'who has it already is not asked to take it',
      async () => {
        await deployed.another('third')
        await page.reload()
        await isOfVersion('third')
        const compared = hasCompared()
        await page.evaluate(LOOK_FOR_ANOTHER)
        await compared
        await nextFrames(page)
        expect(await bar().count()).toBe(0)
      },
      WITHIN_MS,
    )
  })
})
