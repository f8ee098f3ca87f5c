import { figure } from '../../figure.ts'
import { type Row, runId } from '../../row.ts'
import { percentile } from '../../statistics.ts'
import { openInbox, openTab } from '../browserTab.ts'
import { type FilledThread, fillThreads } from '../fillThreads.ts'
import { untilShown, watchKeys } from '../inPage.ts'

const RATE = 100
const CONTACTS = 500
const FULL_KEYS = 300
const QUICK_KEYS = 60
const BETWEEN_KEYS_MS = 60
/** The browser tells of no key that takes less. */
const UNTOLD_MS = 16

/** From a key to the next paint, while a hundred messages a second come into the list beside it. */
export const typing: Row = async (stage, scale) => {
  const keys = scale.isQuick ? QUICK_KEYS : FULL_KEYS
  let threads: FilledThread[] = []
  const tab = await openTab(stage, {
    fill: async (databaseUrl) => {
      threads = await fillThreads(databaseUrl, [2000])
    },
  })
  const { page, server } = tab
  try {
    await openInbox(tab)
    const [thread] = threads
    if (!thread) throw new Error('There is no thread')
    const shown = `[data-thread="${thread.id}"] [data-message="${thread.lastMessageId}"]`
    await untilShown(page, `[data-conversation="${thread.id}"]`, shown)
    await page.locator('[data-composer]').focus()
    const watched = await watchKeys(page)
    const generator = await stage.generator()
    const seconds = Math.ceil((keys * (BETWEEN_KEYS_MS + 40)) / 1000) + 2
    const traffic = generator.run(
      {
        mode: 'open',
        seconds,
        ratePerSecond: RATE,
        connections: 8,
        port: server.port,
        subscriber: null,
        what: { kind: 'webhook', messagesPerPost: 1, contacts: CONTACTS, run: runId() },
      },
      { mayRefuse: false },
    )
    for (let key = 0; key < keys; key++)
      await page.keyboard.press('abcdefghij'[key % 10] ?? 'a', { delay: BETWEEN_KEYS_MS })
    const told = await watched()
    const took = [...told, ...Array<number>(Math.max(0, keys - told.length)).fill(UNTOLD_MS)]
    const { requests } = await traffic
    const note = `by the browser's Event Timing; ${took.length} keys in the composer while ${requests} messages of ${CONTACTS} customers came, ${RATE} a second; p50 ${percentile(took, 0.5).toFixed(0)} ms, worst ${Math.max(...took).toFixed(0)} ms`
    return [figure('web-key-to-paint', percentile(took, 0.98), 'ms', { note })]
  } finally {
    await tab.close()
  }
}
