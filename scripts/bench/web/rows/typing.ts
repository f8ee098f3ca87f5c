import { figure } from '../../figure.ts'
import { type Row, runId } from '../../row.ts'
import { percentile } from '../../statistics.ts'
import { openInbox, openTab } from '../browserTab.ts'
import { type FilledThread, fillThreads } from '../fillThreads.ts'
import { untilShown } from '../inPage.ts'

const RATE = 100
const CONTACTS = 500
const FULL_KEYS = 300
const QUICK_KEYS = 60
const BETWEEN_KEYS_MS = 60

/** From a key to the letter on the screen, while a hundred messages a second come into the list beside it. */
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
    await page.evaluate(`(() => {
      window.__keys = []
      document.addEventListener('keydown', (event) => {
        const pressedAt = event.timeStamp
        // The frame after the one in which the key was handled has it painted.
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => window.__keys.push(performance.now() - pressedAt)
          port2.postMessage(null)
        })
      }, { capture: true })
    })()`)
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
    const took = await page.evaluate<number[]>('window.__keys')
    const { requests } = await traffic
    const note = `${took.length} keys in the composer while ${requests} messages of ${CONTACTS} customers came, ${RATE} a second; p50 ${percentile(took, 0.5).toFixed(0)} ms, worst ${Math.max(...took).toFixed(0)} ms`
    return [figure('web-key-to-paint', percentile(took, 0.98), 'ms', { note })]
  } finally {
    await tab.close()
  }
}
