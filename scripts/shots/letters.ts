import type { Page } from 'playwright-core'
import type { DeadLetterSnapshot } from '../../server/inbox/readDeadLetters.ts'
import { answerWithLetters, LETTERS, RESOLVED } from '../../web/e2e/letters.ts'
import type { Shot } from './shot.ts'

const openLetters = async (page: Page, url: string, letters: readonly DeadLetterSnapshot[]) => {
  await answerWithLetters(page, letters)
  await page.goto(`${url}/settings/dead-letters`)
  await page.locator('[data-letter]').or(page.getByText('Everything that came')).first().waitFor()
}

/** Dead letters, of which the demo has none. */
export const DEAD_LETTERS: Shot[] = [
  { name: 'dead-letters', as: 'administrator', go: (page, url) => openLetters(page, url, LETTERS) },
  {
    name: 'dead-letters-raw',
    as: 'administrator',
    go: async (page, url) => {
      await openLetters(page, url, LETTERS)
      await page.getByRole('button', { name: 'Show raw JSON' }).first().click()
    },
  },
  {
    name: 'dead-letters-discard',
    as: 'administrator',
    only: ['1440', '390'],
    go: async (page, url) => {
      await openLetters(page, url, LETTERS)
      await page.getByRole('button', { name: 'Discard' }).first().click()
      await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click()
    },
  },
  {
    name: 'dead-letters-resolved',
    as: 'administrator',
    go: async (page, url) => {
      await openLetters(page, url, RESOLVED)
      await page.getByRole('button', { name: 'Resolved' }).click()
    },
  },
  { name: 'dead-letters-none', as: 'administrator', go: (page, url) => openLetters(page, url, []) },
  {
    name: 'dead-letters-could-not-be-loaded',
    as: 'administrator',
    only: ['1440'],
    go: async (page, url) => {
      await page.route(/deadLetters\.list/, (route) => route.abort())
      await page.goto(`${url}/settings/dead-letters`)
      await page.getByText('could not be loaded').waitFor()
    },
  },
  {
    name: 'dead-letters-not-for-agents',
    go: async (page, url) => {
      await page.goto(`${url}/settings/dead-letters`)
      await page.getByText('for administrators').waitFor()
    },
  },
]
