import type { Page } from 'playwright-core'
import { figure } from '../../figure.ts'
import type { Row } from '../../row.ts'
import { median, spread } from '../../statistics.ts'
import { openInbox, openTab } from '../browserTab.ts'
import { type FilledThread, fillThreads } from '../fillThreads.ts'
import { slowestFrames, untilShown, watchFrames } from '../inPage.ts'

const MESSAGES = 10_000
const SECONDS = 4
const PX_PER_FRAME = 40

/**
 * Scrolling a thread of ten thousand messages beside a static page of the same bubbles: every frame as a hand on a wheel would ask
 * for it. The static page is made of the very elements that the thread has shown, as often as it takes to fill the way.
 */
export const scrolling: Row = async (stage, scale) => {
  let threads: FilledThread[] = []
  const tab = await openTab(stage, {
    fill: async (databaseUrl) => {
      threads = await fillThreads(databaseUrl, [MESSAGES])
    },
  })
  const { page } = tab
  try {
    await openInbox(tab)
    const [thread] = threads
    if (!thread) throw new Error('There is no thread')
    const shown = `[data-thread="${thread.id}"] [data-message="${thread.lastMessageId}"]`
    await untilShown(page, `[data-conversation="${thread.id}"]`, shown)
    const ratios: number[] = []
    const rates: number[] = []
    const still: number[] = []
    let longestTaskMs = 0
    const pairs = scale.isQuick ? 1 : scale.pairs
    for (let pair = 0; pair < pairs; pair++) {
      const live = await scrollUp(page, '[data-thread]')
      await makeStatic(page)
      const bare = await scrollUp(page, '[data-static]')
      await page.evaluate(`document.querySelector('[data-static]').remove()`)
      rates.push(live.rate)
      still.push(bare.rate)
      ratios.push(live.rate / bare.rate)
      longestTaskMs = Math.max(longestTaskMs, live.longestTaskMs)
    }
    return [
      figure('web-scroll', median(rates), 'frames/s', {
        baseline: median(still),
        ratio: median(ratios),
        note: `the rate that 95 % of the frames reach, ${SECONDS} s of ${PX_PER_FRAME} px a frame upwards through pages that are loaded on the way; spread of the ratio ${spread(ratios, 2)}; baseline: a static page of the same bubbles`,
      }),
      figure('web-longest-task', longestTaskMs, 'ms', {
        note: 'the longest task of the page while it scrolled (0: none over 50 ms)',
      }),
    ]
  } finally {
    await tab.close()
  }
}

async function scrollUp(page: Page, selector: string): Promise<{ rate: number; longestTaskMs: number }> {
  const ended = await watchFrames(page)
  await page.evaluate(`new Promise((done) => {
    const scroller = document.querySelector('${selector}')
    const until = performance.now() + ${SECONDS * 1000}
    const move = (now) => {
      scroller.scrollTop -= ${PX_PER_FRAME}
      if (now < until) requestAnimationFrame(move)
      else done()
    }
    requestAnimationFrame(move)
  })`)
  const { frames, longestTaskMs } = await ended()
  return { rate: slowestFrames(frames), longestTaskMs }
}

/** A page of all the bubbles that are in the thread now, over and over, with nothing behind them. */
function makeStatic(page: Page): Promise<void> {
  return page.evaluate(`(() => {
    const thread = document.querySelector('[data-thread]')
    const page = document.createElement('div')
    page.dataset.static = ''
    page.style.cssText = 'position:fixed;inset:0;overflow-y:auto;background:white;z-index:1000;overflow-anchor:none'
    const rows = [...thread.querySelectorAll('[data-message]')].map((one) => one.outerHTML).join('')
    const times = Math.ceil(2000 / Math.max(1, thread.querySelectorAll('[data-message]').length))
    page.innerHTML = '<div style="display:flex;flex-direction:column;gap:3px">' + rows.repeat(times) + '</div>'
    document.body.append(page)
    page.scrollTop = page.scrollHeight
  })()`)
}
