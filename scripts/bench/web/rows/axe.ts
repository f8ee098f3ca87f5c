import { accessibilityViolations, showTheme } from '../../../../web/e2e/browser.ts'
import { figure } from '../../figure.ts'
import type { Row } from '../../row.ts'
import { openInbox, openTab } from '../browserTab.ts'

const PATHS = [
  '/',
  '/not-delivered',
  '/settings',
  '/settings/preferences',
  '/settings/channels',
  '/settings/labels',
  '/settings/canned-replies',
  '/settings/api-keys',
  '/search',
]
const WIDTHS = [1440, 390]

/** What axe finds wrong on the pages of an administrator, in both themes, wide and narrow. */
export const axe: Row = async (stage) => {
  const tab = await openTab(stage, { agent: 'carla' })
  const { page, server } = tab
  try {
    await openInbox(tab)
    const conversation = await page.locator('[data-conversation]').first().getAttribute('data-conversation')
    const findings: string[] = []
    let looks = 0
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 })
      for (const path of [...PATHS, `/c/${conversation}`]) {
        await page.goto(server.url + path)
        // On a phone the list is what is main, while no conversation is open.
        await page.locator(':is(main, [role=main]):visible').first().waitFor()
        await page.waitForLoadState('networkidle')
        for (const theme of ['light', 'dark'] as const) {
          await showTheme(page, theme)
          looks += 1
          for (const finding of await accessibilityViolations(page))
            findings.push(`${path} ${theme} ${width}: ${finding}`)
        }
      }
    }
    for (const finding of findings) console.error(`    ${finding.split('\n').join(' ')}`)
    return [
      figure('web-axe', findings.length, 'violations', {
        note: `${looks} looks: ${PATHS.length + 1} pages, two themes, ${WIDTHS.join(' and ')} px`,
      }),
    ]
  } finally {
    await tab.close()
  }
}
