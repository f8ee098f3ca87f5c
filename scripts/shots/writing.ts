import type { Page } from 'playwright-core'
import { openConversation } from './openConversation.ts'
import type { Shot } from './shot.ts'

const CONTACT = 'Mateo Ortiz'
const CANNED = [
  {
    shortcut: 'hello',
    title: 'Greeting',
    body: 'Hello {{contact.first_name}}, this is {{agent.first_name}}.',
  },
  { shortcut: 'hours', title: 'Opening hours', body: 'We are here Monday to Saturday, 9 to 18 o’clock.' },
  {
    shortcut: 'sorry',
    title: 'Late delivery',
    body: 'We are sorry about the delay, {{contact.first_name}}.',
  },
]

/** What an earlier picture left as a draft is on the server by now. */
const open = async (page: Page) => {
  await openConversation(page, CONTACT)
  for (const kind of ['note', 'reply']) {
    await page.locator(`[data-act=${kind}]`).click()
    await page.locator('[data-composer]').fill('')
  }
}

/** A button, or on a phone its line in the one menu. */
export const press = async (page: Page, name: string) => {
  const button = page.getByRole('button', { name, exact: true })
  if (await button.isVisible()) return button.click()
  await page.getByRole('button', { name: 'More to send' }).click()
  await page.getByRole('menuitem', { name }).click()
}

/** Those that are there already are refused, which is as good. */
const saveCanned = async (page: Page, url: string) => {
  for (const data of CANNED)
    await page.request.post(`${url}/trpc/cannedReplies.save`, { data, headers: { Origin: url } })
}

const writeNote = async (page: Page, words: string) => {
  await open(page)
  await page.locator('[data-act=note]').click()
  await page.keyboard.type(words)
}

const askWhen = async (page: Page) => {
  await open(page)
  await page.locator('[data-composer]').fill('Good morning, your sofa is on its way.')
  await page.getByRole('button', { name: 'Send later' }).click()
}

/** Writing: notes, canned replies, emoji, messages for later. */
export const WRITING: Shot[] = [
  {
    name: 'composer-note',
    go: async (page) => {
      await writeNote(page, '@Carla she measured 2.30 m, the sofa is 2.18 m. Offer free delivery?')
      await page.getByText('Calls Carla').waitFor()
    },
  },
  {
    name: 'composer-mention',
    go: async (page) => {
      await writeNote(page, '@')
      await page.locator('[data-suggestions=mention] [role=option]').first().waitFor()
    },
  },
  {
    name: 'composer-canned',
    go: async (page, url) => {
      await saveCanned(page, url)
      await open(page)
      await page.keyboard.type('/')
      await page.locator('[data-canned-preview]').waitFor()
    },
  },
  {
    name: 'composer-emoji',
    go: async (page) => {
      await open(page)
      await press(page, 'Emoji')
      await page.getByRole('button', { name: 'Animals & Nature' }).click()
      await page.locator('#emoji-grid [role=option]').first().waitFor()
    },
  },
  {
    name: 'composer-later',
    go: async (page) => {
      await askWhen(page)
      await page.locator('[data-later=hour]').waitFor()
    },
  },
  {
    name: 'composer-scheduled',
    go: async (page) => {
      const waiting = page.locator('[data-scheduled]')
      await askWhen(page)
      if ((await waiting.count()) > 0) return page.keyboard.press('Escape')
      await page.locator('[data-later=hour]').click()
      return waiting.first().waitFor()
    },
  },
]
