import { openConversation } from './openConversation.ts'
import type { Shot } from './shot.ts'

const EMAIL = 'ana@demo.baton'
const NOBODY = '00000000-0000-7000-8000-000000000000'

/** The main views, and what stands there when something is wrong. */
export const INBOX: Shot[] = [
  { name: 'sign-in', as: 'nobody', go: (page) => page.getByText('This is the demo').waitFor() },
  {
    name: 'sign-in-wrong-password',
    as: 'nobody',
    only: ['1440', '390'],
    go: async (page) => {
      await page.getByLabel('Email').fill(EMAIL)
      await page.getByLabel('Password').fill('not this one')
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.locator('#trouble:not(:empty)').waitFor()
    },
  },
  { name: 'list', go: (page) => page.locator('[data-conversation]').first().waitFor() },
  {
    name: 'list-mine',
    go: (page) =>
      page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: /^Mine/ }).click(),
  },
  { name: 'thread', go: (page) => openConversation(page, 'Sheena Nelson') },
  { name: 'thread-failed-message', go: (page) => openConversation(page, 'Jonas Clarke') },
  {
    name: 'thread-window-closed',
    go: async (page, url) => {
      await page.goto(`${url}/?view=resolved`)
      await openConversation(page, 'Tom Bauer')
    },
  },
  { name: 'thread-right-to-left', go: (page) => openConversation(page, 'Amal Haddad') },
  {
    name: 'composer-draft',
    go: async (page) => {
      await openConversation(page, 'Mateo Ortiz')
      await page
        .locator('[data-composer]')
        .fill('Perfect, the driver knows.\nHe rings at the *green* gate between 9 and 11.')
    },
  },
  {
    name: 'composer-too-long',
    only: ['1440'],
    go: async (page) => {
      await openConversation(page, 'Mateo Ortiz')
      await page.locator('[data-composer]').fill('A long answer. '.repeat(280))
    },
  },
  {
    name: 'account-menu',
    go: (page) => page.getByRole('button', { name: 'account' }).click(),
  },
  {
    name: 'palette',
    go: async (page) => {
      await openConversation(page, 'Sheena Nelson')
      await page.keyboard.press('Control+k')
      await page.locator('[data-palette]').waitFor()
    },
  },
  {
    name: 'search',
    go: async (page, url) => {
      await page.goto(`${url}/search?q=parcel`)
      await page.locator('[data-hit]').or(page.getByText('Nothing was found')).first().waitFor()
    },
  },
  {
    name: 'keyboard',
    only: ['1440'],
    go: async (page) => {
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'not-yours-to-see',
    go: async (page, url) => {
      await page.goto(`${url}/c/${NOBODY}`)
      await page.getByText('not yours to see').waitFor()
    },
  },
  {
    name: 'list-could-not-be-loaded',
    go: async (page) => {
      await page.route('**/trpc/conversations.list**', (route) => route.abort())
      await page.reload()
      await page.getByText('could not be loaded').waitFor()
    },
  },
  {
    name: 'loading',
    go: async (page) => {
      await page.route('**/trpc/conversations.list**', () => {})
      await page.reload()
      await page.locator('[data-skeleton=list]').first().waitFor()
    },
  },
  {
    name: 'no-such-page',
    only: ['1440'],
    go: async (page, url) => {
      await page.goto(`${url}/nothing/here`)
      await page.getByText('no such page').waitFor()
    },
  },
]
