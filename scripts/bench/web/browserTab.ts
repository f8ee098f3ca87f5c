import type { Browser, CDPSession, Page } from 'playwright-core'
import type { DemoAgent } from '../../../db/seed/people.ts'
import { openBrowser } from '../../../web/e2e/browser.ts'
import { cookieOf } from '../agents.ts'
import { startProduct } from '../product.ts'
import type { Actor, Stage } from '../stage.ts'

/** How much slower the page runs than this machine could: an agent's laptop, not a developer's. */
export const SLOW_DOWN = 4

/** The product with a browser before it, whose page runs at a quarter of the speed. */
export type BrowserTab = {
  server: Actor
  databaseUrl: string
  browser: Browser
  page: Page
  protocol: CDPSession
  close(): Promise<void>
}

/**
 * Starts the product with all roles over a fresh demo, and a tab of an agent who is signed in. `fill` puts rows into the
 * database before the server starts.
 */
export async function openTab(
  stage: Stage,
  { agent = 'ana', fill }: { agent?: DemoAgent; fill?: (databaseUrl: string) => Promise<void> } = {},
): Promise<BrowserTab> {
  const graph = await stage.start('scripts/bench/baseline/graph.ts')
  const databaseUrl = await stage.freshDatabase()
  await fill?.(databaseUrl)
  const roles = 'server,consume,send,jobs'
  const server = await startProduct(stage, { databaseUrl, roles, graphUrl: graph.url })
  const browser = await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const cookie = await cookieOf(server.url, agent)
  await context.addCookies(
    cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=')
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: server.url }
    }),
  )
  const page = await context.newPage()
  const protocol = await context.newCDPSession(page)
  await protocol.send('Emulation.setCPUThrottlingRate', { rate: SLOW_DOWN })
  return { server, databaseUrl, browser, page, protocol, close: () => browser.close() }
}

/** Opens the inbox and waits for its list. */
export async function openInbox({ page, server }: BrowserTab, path = '/'): Promise<void> {
  await page.goto(server.url + path)
  await page.locator('[data-conversation]').first().waitFor()
}
