import { gzipSync } from 'node:zlib'
import { AGENTS, DEMO_PASSWORD } from '../../../../db/seed/people.ts'
import { figure } from '../../figure.ts'
import type { Row } from '../../row.ts'
import { median, spread } from '../../statistics.ts'
import { openTab } from '../browserTab.ts'

const KIB = 1024
const FULL_TIMES = 5
const QUICK_TIMES = 2

/** What an agent downloads and waits for: the scripts of the inbox, and the time from "Sign in" to a list that can be used. */
export const firstRoute: Row = async (stage, scale) => {
  const tab = await openTab(stage)
  const { page, server } = tab
  try {
    const took: number[] = []
    let scripts = new Map<string, number>()
    for (let time = 0; time < (scale.isQuick ? QUICK_TIMES : FULL_TIMES); time++) {
      await page.context().clearCookies()
      await page.goto(`${server.url}/sign-in`)
      await page.getByLabel('Email').fill(AGENTS.ana.email)
      await page.getByLabel('Password').fill(DEMO_PASSWORD)
      const startedAt = performance.now()
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.locator('[data-conversation]').first().waitFor()
      took.push(performance.now() - startedAt)
    }
    scripts = await scriptsOf(page, server.url)
    const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0)
    return [
      figure('web-js', bytes / KIB, 'KiB gzip', {
        note: `${scripts.size} scripts that the inbox has loaded when its list can be used, each packed with gzip`,
      }),
      figure('web-usable-list', median(took), 'ms', {
        note: `from the click on "Sign in" to the first row, server warm, ${took.length} times; spread ${spread(took)}; the password's hash is part of it`,
      }),
    ]
  } finally {
    await tab.close()
  }
}

/** Loads the inbox anew in a fresh window of the same agent, and weighs each script that comes. */
async function scriptsOf(
  signedIn: import('playwright-core').Page,
  url: string,
): Promise<Map<string, number>> {
  const browser = signedIn.context().browser()
  if (!browser) throw new Error('The browser is gone')
  const context = await browser.newContext({ storageState: await signedIn.context().storageState() })
  const page = await context.newPage()
  const weighed = new Map<string, Promise<number>>()
  page.on('response', (response) => {
    if (response.request().resourceType() !== 'script') return
    weighed.set(
      response.url(),
      response.body().then((body) => gzipSync(body, { level: 9 }).byteLength),
    )
  })
  await page.goto(url)
  await page.locator('[data-conversation]').first().waitFor()
  await page.waitForLoadState('networkidle')
  const entries = await Promise.all([...weighed].map(async ([name, bytes]) => [name, await bytes] as const))
  await context.close()
  return new Map(entries)
}
