import type { Browser, Page } from 'playwright-core'
import type { CustomerAct } from '../../scripts/simulate/act.ts'
import { type Stack, startStack } from '../../scripts/testing/stack.ts'
import type { Settings } from '../../server/start.ts'
import { openBrowser, signInAs } from './browser.ts'

export const CUSTOMER = { name: 'Nora Quinn', number: '16505557788' }

/** An agent before an open conversation with a customer of her own, and the customer's phone. */
export type Desk = {
  stack: Stack
  browser: Browser
  page: Page
  complaints: string[]
  /** The customer does something; answers with the wamid. */
  write(act: CustomerAct): Promise<string>
  /** What the customer's phone got from the business so far, oldest first. */
  received(): ReturnType<Stack['simulator']['phones']['log']>
  stop(): Promise<void>
}

export async function sitDown(settings: Pick<Settings, 'siteFolder'> = {}): Promise<Desk> {
  const [stack, browser] = await Promise.all([startStack(settings), openBrowser()])
  const { phones } = stack.simulator
  phones.add(CUSTOMER.name, CUSTOMER.number)
  await phones.write(CUSTOMER.number, { type: 'text', text: 'Is the oak table still there?' })
  const { page, complaints } = await signInAs(browser, stack.url, 'ana@demo.baton')
  await openConversation(page)
  return {
    stack,
    browser,
    page,
    complaints,
    write: (act) => phones.write(CUSTOMER.number, act),
    received: () => phones.log(CUSTOMER.number),
    stop: async () => {
      await browser.close()
      await stack.stop()
    },
  }
}

export const row = (page: Page, name = CUSTOMER.name) =>
  page.locator('[data-conversation]', { hasText: name })
export const bubble = (page: Page, text: string) => page.locator('[data-message]', { hasText: text })
/** The line below a bubble. */
export const lineBelow = (page: Page, text: string) =>
  page.locator(`[data-message]:has-text("${text}") + [role=note]`)

export async function openConversation(page: Page, name = CUSTOMER.name) {
  await row(page, name).click()
  await page.locator('[data-composer]').or(page.locator('[data-templates]')).waitFor()
}

export async function say(page: Page, text: string) {
  await page.locator('[data-composer]').fill(text)
  await page.keyboard.press('Enter')
}
