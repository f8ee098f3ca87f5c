import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A microphone that plays a tone, and nobody who asks whether it may be used.
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
]
const ARTEFACTS = join(import.meta.dir, '../../.artefacts')
const PASSWORD = 'baton-demo'

// As text: these run in the page, and the types of a page are not known here.
const SETTLED =
  'Promise.all(document.getAnimations().filter((one) => one.playState === "running" && one.effect.target?.checkVisibility() && one.effect.getComputedTiming().iterations === 1).map((one) => one.finished.catch(() => {}))).then(() => {})'
/** What was just opened begins to move with the next frame. */
const NEXT_FRAMES = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))'
const AXE_FINDINGS =
  'axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ": " + node.target + " " + node.failureSummary)))'

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: FLAGS,
    chromiumSandbox: false,
  })
}

/** A window of its own for an agent, signed in by hand; collects what the page complains about. */
export async function signInAs(
  browser: Browser,
  url: string,
  email: string,
  /** What has to stand before the first page is opened. */
  prepare: (context: BrowserContext) => Promise<void> = async () => {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' })
  await prepare(context)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  // That nobody is signed in yet is an answer (401) which the browser writes down as an error.
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().includes('401')) complaints.push(line.text())
  })
  await page.goto(url)
  await page.waitForURL('**/sign-in')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.waitForURL(`${url}/`)
  await page.getByRole('heading', { name: 'Inbox' }).waitFor()
  return { page, complaints }
}

/** Shows a theme, and waits until every colour has arrived. */
export async function showTheme(page: Page, theme: 'light' | 'dark') {
  await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`)
  await page.evaluate(SETTLED)
}

/** What was changed before is on the screen. */
export const nextFrames = (page: Page) => page.evaluate(NEXT_FRAMES)

/** What axe finds wrong in the page once it stands still, one line for each finding: what fades in has no contrast yet. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  await nextFrames(page)
  await page.evaluate(SETTLED)
  await page.evaluate(axe.source)
  return page.evaluate<string[]>(AXE_FINDINGS)
}

/** Keeps a picture of the page for people to look at after a run. */
export async function keepPicture(page: Page, name: string): Promise<string> {
  mkdirSync(ARTEFACTS, { recursive: true })
  const path = join(ARTEFACTS, `${name}.png`)
  await page.screenshot({ path })
  return path
}

/** Calls a procedure as whoever is signed in there, past the page. Throws what the server answered, unless it was done. */
export async function callAs(page: Page, procedure: string, input: Record<string, unknown>): Promise<void> {
  const { origin } = new URL(page.url())
  const answer = await page.request.post(`${origin}/trpc/${procedure}`, { data: input, headers: { origin } })
  if (answer.status() !== 200) throw new Error(`${procedure}: ${answer.status()} ${await answer.text()}`)
}
