import type { Shot } from './shot.ts'

/** What stands there once the page has what it shows. */
const PAGES = {
  labels: 'New label',
  'canned-replies': 'New reply',
  people: 'Invite',
  teams: 'New team',
  roles: 'New role',
  channels: 'Connect a number',
  security: 'Change password',
} as const

const settings = ([path, button]: [string, string]): Shot => ({
  name: `settings-${path}`,
  as: 'administrator',
  go: async (page, url) => {
    await page.goto(`${url}/settings/${path}`)
    await page.getByRole('button', { name: button }).first().waitFor()
  },
})

/** Those without a button to wait for. */
const QUIET = ['audit', 'queues', 'erasures'] as const

const quiet = (path: (typeof QUIET)[number]): Shot => ({
  name: `settings-${path}`,
  as: 'administrator',
  go: async (page, url) => {
    await page.goto(`${url}/settings/${path}`)
    await page.waitForLoadState('networkidle')
  },
})

/** The pages of the settings. */
export const SETTINGS: Shot[] = [
  ...Object.entries(PAGES).map(settings),
  ...QUIET.map(quiet),
  {
    name: 'preferences',
    go: async (page, url) => {
      await page.goto(`${url}/settings/preferences`)
      await page.getByRole('switch').first().waitFor()
    },
  },
  {
    name: 'settings',
    as: 'administrator',
    only: ['390'],
    go: async (page, url) => {
      await page.goto(`${url}/settings`)
      await page.getByRole('link', { name: 'API keys' }).waitFor()
    },
  },
  {
    name: 'api-keys',
    as: 'administrator',
    go: async (page, url) => {
      await page.goto(`${url}/settings/api-keys`)
      await page.getByRole('button', { name: 'New key' }).waitFor()
    },
  },
  {
    name: 'api-keys-new',
    as: 'administrator',
    only: ['1440', '390'],
    go: async (page, url) => {
      await page.goto(`${url}/settings/api-keys`)
      await page.getByRole('button', { name: 'New key' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'api-docs',
    go: async (page, url) => {
      await page.goto(`${url}/api/docs`)
    },
  },
]
