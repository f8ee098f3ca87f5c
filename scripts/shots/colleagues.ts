import type { Page } from 'playwright-core'
import { openConversation } from './openConversation.ts'
import type { Shot } from './shot.ts'

/** In place of what an earlier picture left as a draft. */
const write = async (page: Page, text: string) => {
  await page.locator('[data-composer]').click()
  await page.locator('[data-baton=mine]').waitFor()
  await page.locator('[data-composer]').fill('')
  await page.keyboard.type(text)
}

const barOf = (page: Page, is: 'mine' | 'theirs' | 'taken' | 'guard') =>
  page.locator(`[data-baton=${is}]`).waitFor()

/** Ana writes, and Ben takes the baton from her. */
const takenOver = async (page: Page, ben: Page, contact: string) => {
  await openConversation(page, contact)
  await write(page, 'We have it in moss and in sand. Which one')
  await openConversation(ben, contact)
  await ben.locator('[data-take-over]').click()
  await barOf(page, 'taken')
}

/** The baton, the guard, and what waits without a network. */
export const COLLEAGUES: Shot[] = [
  {
    name: 'offline-with-a-waiting-message',
    go: async (page) => {
      await openConversation(page, 'Rafael Pires')
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await page.locator('[data-composer]').fill('Obrigada, Rafael!')
      await page.keyboard.press('Enter')
      await page.getByText('1 waiting').waitFor()
    },
  },
  {
    name: 'baton-mine',
    go: async (page, _, ben) => {
      await openConversation(await ben(), 'Mateo Ortiz')
      await openConversation(page, 'Mateo Ortiz')
      await write(page, 'The driver rings at the green gate, between 9 and')
      await page.locator('header [data-viewers]').waitFor()
    },
  },
  {
    name: 'baton-locked',
    go: async (page, _, ben) => {
      const colleague = await ben()
      await openConversation(colleague, 'Priya Nair')
      await write(colleague, 'I look it up')
      await openConversation(page, 'Priya Nair')
      await barOf(page, 'theirs')
      await page.locator('[data-typing]').waitFor()
    },
  },
  { name: 'baton-taken', go: async (page, _, ben) => takenOver(page, await ben(), 'Lena König') },
  {
    name: 'baton-draft-offered',
    go: async (page, _, ben) => {
      const colleague = await ben()
      await takenOver(colleague, page, 'Yuki Tanaka')
      await colleague.getByRole('button', { name: 'Hand over my draft' }).click()
      await page.locator('[data-offered-draft]').waitFor()
    },
  },
  {
    name: 'guard',
    go: async (page, _, ben) => {
      await openConversation(page, 'Sheena Nelson')
      await page.context().setOffline(true)
      await page.getByText('You are currently offline').waitFor()
      await page.locator('[data-composer]').fill('Yes! It comes in sand, moss and slate.')
      await page.keyboard.press('Enter')
      const colleague = await ben()
      await openConversation(colleague, 'Sheena Nelson')
      await write(colleague, 'It comes in sand, moss and slate 🌿')
      await colleague.keyboard.press('Enter')
      await colleague.getByText('It comes in sand, moss and slate 🌿').last().waitFor()
      await openConversation(colleague, 'Rafael Pires')
      await page.context().setOffline(false)
      await barOf(page, 'guard')
    },
  },
  {
    name: 'sign-out-with-a-waiting-message',
    only: ['1440', '390'],
    go: async (page) => {
      await page.route(/\/trpc\/[^?]*messages\.send/, (route) => route.abort())
      await openConversation(page, 'Rafael Pires')
      await page.locator('[data-composer]').fill('Obrigada, Rafael!')
      await page.keyboard.press('Enter')
      await page.goto(new URL('/', page.url()).href)
      await page.getByRole('button', { name: 'account' }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
]
