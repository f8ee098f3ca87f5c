import type { Page } from 'playwright-core'
import { openConversation } from './openConversation.ts'
import type { Shot } from './shot.ts'
import { press } from './writing.ts'

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
)
const LARGE_BYTES = 7_550_000

const open = async (page: Page, contact: string) => {
  await openConversation(page, contact)
  // A note that an earlier picture began would stand there instead.
  await page.locator('[data-act=reply]').click()
}

const openForm = async (page: Page, item: string) => {
  await open(page, 'Mateo Ortiz')
  await page.getByRole('button', { name: 'More to send' }).click()
  await page.getByRole('menuitem', { name: item }).click()
  await page.getByRole('dialog').getByLabel('Text').fill('Which day suits you for the delivery?')
}

const openStart = async (page: Page) => {
  await page.getByRole('button', { name: 'Start a conversation' }).click()
  await page.locator('[role=dialog] [data-template]').first().waitFor()
}

/** What can be sent beside words, and what did not arrive. */
export const SENDING: Shot[] = [
  {
    name: 'composer-files',
    go: async (page) => {
      await open(page, 'Mateo Ortiz')
      await page.locator('[data-attach]').setInputFiles([
        { name: 'moss.png', mimeType: 'image/png', buffer: PIXEL },
        { name: 'Prices of autumn.txt', mimeType: 'text/plain', buffer: Buffer.from('Sofa 1200') },
        { name: 'too-large.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(LARGE_BYTES) },
      ])
      await page.locator('[data-tray=ready]').nth(1).waitFor()
    },
  },
  {
    name: 'composer-more-to-send',
    go: async (page) => {
      await open(page, 'Mateo Ortiz')
      await page.getByRole('button', { name: 'More to send' }).click()
    },
  },
  {
    name: 'composer-buttons-too-long',
    go: async (page) => {
      await openForm(page, 'Buttons to answer with')
      await page.getByRole('textbox', { name: 'Button 1' }).fill('Thursday before noon, please')
    },
  },
  { name: 'composer-list', go: (page) => openForm(page, 'List to choose from') },
  {
    name: 'composer-recording',
    go: async (page) => {
      await open(page, 'Mateo Ortiz')
      await press(page, 'Record a voice message')
      await page.getByRole('timer').getByText('0:03').waitFor()
    },
  },
  {
    name: 'composer-recorded',
    go: async (page) => {
      await open(page, 'Mateo Ortiz')
      await press(page, 'Record a voice message')
      await page.getByRole('timer').getByText('0:03').waitFor()
      await page.getByRole('button', { name: 'Stop' }).click()
      await page.getByRole('group', { name: 'Your recording' }).waitFor()
    },
  },
  {
    name: 'composer-template',
    go: async (page, url) => {
      await page.goto(`${url}/?view=resolved`)
      await open(page, 'Tom Bauer')
      await page.locator('[data-template=delivery_day]').first().click()
      await page.getByLabel('Item').fill('oak chest')
    },
  },
  { name: 'start-conversation', go: openStart },
  {
    name: 'start-conversation-template',
    go: async (page) => {
      await openStart(page)
      await page.getByLabel('Phone number').fill('0151 5550 1172')
      await page.locator('[role=dialog] [data-template=delivery_day]').first().click()
    },
  },
  {
    name: 'not-delivered',
    go: async (page, url) => {
      await page.goto(`${url}/not-delivered`)
      await page.locator('[data-troubled]').first().waitFor()
    },
  },
  {
    name: 'not-delivered-none',
    go: async (page, url) => {
      await page.goto(`${url}/not-delivered`)
      await page.getByRole('button', { name: /^Not known/ }).click()
    },
  },
]
