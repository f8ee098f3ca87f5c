import { figure } from '../../figure.ts'
import type { Row } from '../../row.ts'
import { openInbox, openTab } from '../browserTab.ts'
import { type FilledThread, fillThreads } from '../fillThreads.ts'
import { untilShown } from '../inPage.ts'

const FULL_PREPENDS = 1000
const QUICK_PREPENDS = 30
const PAGE = 60

/**
 * How far what one reads moves while older messages come above it. Scrolls up step by step, as far as pages of older messages go, and
 * holds the place of a bubble in the window against where it was before; bubbles also change their height, as a late picture does.
 */
export const prepends: Row = async (stage, scale) => {
  const times = scale.isQuick ? QUICK_PREPENDS : FULL_PREPENDS
  let threads: FilledThread[] = []
  const tab = await openTab(stage, {
    fill: async (databaseUrl) => {
      threads = await fillThreads(databaseUrl, [(times + 2) * PAGE])
    },
  })
  try {
    await openInbox(tab)
    const [thread] = threads
    if (!thread) throw new Error('There is no thread')
    const shown = `[data-thread="${thread.id}"] [data-message="${thread.lastMessageId}"]`
    await untilShown(tab.page, `[data-conversation="${thread.id}"]`, shown)
    const { worstPx, prepended } = await tab.page.evaluate<{
      worstPx: number
      prepended: number
    }>(`(async () => {
      const thread = document.querySelector('[data-thread]')
      const frame = () => new Promise((next) => requestAnimationFrame(next))
      let worstPx = 0
      let prepended = 0
      let pages = 0
      const until = performance.now() + ${scale.isQuick ? 30_000 : 240_000}
      let seed = 7
      const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647
      const loaded = () => performance.getEntriesByType('resource').filter((one) => one.name.includes('messages.list')).length
      performance.setResourceTimingBufferSize(100000)
      while (prepended < ${times} && performance.now() < until) {
        thread.scrollBy({ top: -Math.round(200 + random() * 1200), behavior: 'instant' })
        // Rows at a place that was never drawn are measured with the frame that draws them, and stand from the next one on.
        await frame()
        await frame()
        await frame()
        const middle = thread.getBoundingClientRect().top + thread.clientHeight / 2
        const anchor = [...thread.querySelectorAll('[data-message]')].find((one) => one.getBoundingClientRect().bottom > middle)
        if (!anchor) { await frame(); continue }
        const id = anchor.dataset.message
        const before = anchor.getBoundingClientRect().top
        // A picture that comes late, above the place where one reads.
        const above = [...thread.querySelectorAll('[data-message]')].find((one) => one.getBoundingClientRect().bottom < thread.getBoundingClientRect().top)
        if (above && random() < 0.3) above.style.paddingBottom = Math.round(random() * 120) + 'px'
        for (let wait = 0; wait < 6; wait++) await frame()
        const again = thread.querySelector('[data-message="' + id + '"]')
        if (again) worstPx = Math.max(worstPx, Math.abs(again.getBoundingClientRect().top - before))
        const count = loaded()
        prepended += count - pages
        pages = count
      }
      return { worstPx, prepended }
    })()`)
    const note = `worst move of the bubble in the middle of the window while ${prepended} pages of older messages came above it, a third of the time with a bubble above that grows`
    return [figure('web-drift', worstPx, 'px', { note })]
  } finally {
    await tab.close()
  }
}
