import type { Page } from 'playwright-core'
import type { Shot } from './shot.ts'

const rows = (page: Page) => page.locator('[data-index]')
const menu = (page: Page, act: string) => page.locator(`[data-act=${act}]`).first().click()

const select = async (page: Page, count: number) => {
  for (let index = 0; index < count; index++) await rows(page).nth(index).locator('label').click()
  await page.locator('[data-bulk]').waitFor()
}

/** The list: its views, filters and what can be done with several rows. */
export const LIST: Shot[] = [
  {
    name: 'list-views',
    go: async (page) => {
      await menu(page, 'views')
      await page.getByRole('menuitem', { name: 'Resolved' }).waitFor()
    },
  },
  {
    name: 'list-filter',
    go: async (page) => {
      await menu(page, 'filter')
      await page.getByRole('combobox', { name: 'Filter by' }).waitFor()
    },
  },
  {
    name: 'list-filtered-empty',
    go: async (page, url) => {
      await page.goto(`${url}/?view=unassigned&window=closing&sort=window`)
      await page.locator('[data-filter]').waitFor()
    },
  },
  {
    name: 'list-snoozed-empty',
    go: async (page, url) => {
      await page.goto(`${url}/?view=snoozed`)
      await page.getByText('Nothing is snoozed').waitFor()
    },
  },
  { name: 'list-selected', go: (page) => select(page, 3) },
  {
    name: 'list-selected-assign',
    go: async (page) => {
      await select(page, 2)
      await menu(page, 'assign')
      await page.getByRole('combobox', { name: 'Assign to' }).waitFor()
    },
  },
]
