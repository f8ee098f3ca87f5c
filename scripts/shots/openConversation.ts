import type { Page } from 'playwright-core'

const MOST_STEPS = 40

/** Opens a contact's conversation from the list, however far down it stands: only the rows near what is seen are in the page. */
export async function openConversation(page: Page, contact: string): Promise<void> {
  const row = page.locator('[data-conversation]', { hasText: contact }).first()
  await page.locator('[data-conversation]').first().waitFor()
  for (let step = 0; step < MOST_STEPS && (await row.count()) === 0; step++) await scrollOn(page)
  await row.click()
  await page.locator('[data-thread]').waitFor()
}

/** By less than what is seen, until the next rows are drawn. As text: it runs in the page. */
function scrollOn(page: Page): Promise<void> {
  return page.evaluate(`new Promise((drawn) => {
    document.querySelector('[data-scroll=list]').scrollBy(0, 400)
    requestAnimationFrame(() => requestAnimationFrame(drawn))
  })`)
}
