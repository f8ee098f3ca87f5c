import { openConversation } from './openConversation.ts'
import type { Shot } from './shot.ts'

const MENUS = ['assign', 'snooze', 'label', 'more'] as const

const menu = (act: (typeof MENUS)[number]): Shot => ({
  name: `desk-${act}`,
  only: ['1440', '1024'],
  go: async (page) => {
    await openConversation(page, 'Sheena Nelson')
    await page.locator(`main [data-act=${act}]`).click()
    await page.locator('main .menu').waitFor()
  },
})

/** The menus of an open conversation. */
export const WORK: Shot[] = MENUS.map(menu)
