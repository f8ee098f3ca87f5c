import { figure } from '../../figure.ts'
import type { Row } from '../../row.ts'
import { median } from '../../statistics.ts'
import { openInbox, openTab } from '../browserTab.ts'
import { type FilledThread, fillThreads } from '../fillThreads.ts'
import { untilShown } from '../inPage.ts'

const SHORT = 50
const LENGTHS = [10_000, 100_000]
const SAME = 6
const SCROLLS = 40

/** Opening a thread of ten and of a hundred thousand messages beside one of fifty, and how many bubbles stand in the page meanwhile. */
export const longThreads: Row = async (stage, scale) => {
  const lengths = LENGTHS.map((length) => (scale.isQuick ? length / 10 : length))
  const copies = scale.isQuick ? 2 : SAME
  let threads: FilledThread[] = []
  const tab = await openTab(stage, {
    fill: async (databaseUrl) => {
      // Copies of each, since a thread that was open is at hand: one of each length in turn.
      const turns = Array.from({ length: copies }, () => [SHORT, ...lengths.map((length) => length)]).flat()
      threads = await fillThreads(databaseUrl, [
        SHORT,
        ...(scale.isQuick ? turns : turns.map(shortened(copies))),
      ])
    },
  })
  try {
    await openInbox(tab)
    const open = ({ id, lastMessageId }: FilledThread) =>
      untilShown(
        tab.page,
        `[data-conversation="${id}"]`,
        `[data-thread="${id}"] [data-message="${lastMessageId}"]`,
      )
    const [first, ...rest] = threads
    if (first) await open(first) // the code of a thread
    const took = new Map<number, number[]>()
    for (const thread of rest)
      took.set(thread.messages, [...(took.get(thread.messages) ?? []), await open(thread)])
    const short = median(took.get(SHORT) ?? [])
    const longest = lengths.at(-1) ?? 0
    const rows = await mostRows(tab.page)
    return [
      ...lengths.map((length, index) => {
        const ms = median(took.get(length) ?? [])
        return figure(index === 0 ? 'web-open-10k' : 'web-open-100k', ms, 'ms', {
          baseline: short,
          note: `a thread of ${length.toLocaleString('en-US')} messages, first time, beside one of ${SHORT}; ${took.get(length)?.length} of each`,
        })
      }),
      figure('web-dom-rows', rows, 'rows', {
        note: `most bubbles in the page at once, scrolling up ${SCROLLS} screens of the thread of ${longest.toLocaleString('en-US')}`,
      }),
    ]
  } finally {
    await tab.close()
  }
}

/** Only the last copy of the longest is that long: filling six of them would take longer than everything else. */
function shortened(copies: number) {
  const longest = LENGTHS.at(-1) ?? 0
  let seen = 0
  return (length: number) => {
    if (length !== longest) return length
    seen += 1
    return seen > copies - 2 ? length : SHORT
  }
}

/** The open thread is scrolled up screen by screen; answers with the largest number of bubbles that were in the page. */
function mostRows(page: import('playwright-core').Page): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const thread = document.querySelector('[data-thread]')
    let most = 0
    for (let turn = 0; turn < ${SCROLLS}; turn++) {
      thread.scrollBy({ top: -thread.clientHeight, behavior: 'instant' })
      for (let frame = 0; frame < 4; frame++) await new Promise((next) => requestAnimationFrame(next))
      most = Math.max(most, thread.querySelectorAll('[data-message]').length)
    }
    return most
  })()`)
}
