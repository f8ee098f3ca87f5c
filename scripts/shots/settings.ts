import type { Page } from 'playwright-core'
import { openConversation } from './openConversation.ts'

/** A menu of an open conversation, or a page of the settings, and how to get there in the seeded demo. */
type Shot = {
  name: string
  as?: 'administrator'
  only?: ('1440' | '1024' | '390')[]
  go(page: Page, url: string): Promise<unknown>
}

const MENUS = ['assign', 'snooze', 'label', 'more'] as const
/** What stands there once the page has what it shows. */
const PAGES = {
  labels: 'New label',
  'canned-replies': 'New reply',
  people: 'Invite',
  teams: 'New team',
  roles: 'New role',
  channels: 'Connect a number',
} as const

const menu = (act: (typeof MENUS)[number]): Shot => ({
  name: `desk-${act}`,
  only: ['1440', '1024'],
  go: async (page) => {
    await openConversation(page, 'Sheena Nelson')
    await page.locator(`main [data-act=${act}]`).click()
    await page.locator('main .menu').waitFor()
  },
})

const settings = ([path, button]: [string, string]): Shot => ({
  name: `settings-${path}`,
  as: 'administrator',
  go: async (page, url) => {
    await page.goto(`${url}/settings/${path}`)
    await page.getByRole('button', { name: button }).first().waitFor()
  },
})

export const SHOTS_OF_DESK: Shot[] = [
  ...MENUS.map(menu),
  ...Object.entries(PAGES).map(settings),
  {
    name: 'settings-audit',
    as: 'administrator',
    go: async (page, url) => {
      await page.goto(`${url}/settings/audit`)
      await page.waitForLoadState('networkidle')
    },
  },
]
