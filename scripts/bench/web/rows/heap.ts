import { figure } from '../../figure.ts'
import { type Row, runId } from '../../row.ts'
import { type BrowserTab, openInbox, openTab } from '../browserTab.ts'
import { type FilledThread, fillThreads } from '../fillThreads.ts'
import { untilShown } from '../inPage.ts'

const THREADS = 20
const MESSAGES = 50
const RATE = 250
/** So much of it comes before the first look: what a browser compiles of the app as it runs is no leak. */
const FIRST_PART = 1 / 20
const TURN_MS = 3_000
const MOST_TURNS = 5
const STILL_SHARE = 0.01

/** What the page holds after an hour's worth of traffic, ten thousand events and two hundred switches, beside after its first minutes. */
export const heap: Row = async (stage, scale) => {
  const events = scale.isQuick ? 1000 : 10_000
  const switches = scale.isQuick ? 20 : 200
  let threads: FilledThread[] = []
  const tab = await openTab(stage, {
    fill: async (databaseUrl) => {
      threads = await fillThreads(databaseUrl, Array<number>(THREADS).fill(MESSAGES))
    },
  })
  const { page, server } = tab
  try {
    await openInbox(tab)
    const firstThreads = threads.slice(0, 3)
    for (const thread of firstThreads) await open(tab, thread)
    const generator = await stage.generator()
    const run = runId()
    /** That many events, and meanwhile that many switches between these threads. */
    const work = async (eventCount: number, switchCount: number, among: readonly FilledThread[]) => {
      const traffic = generator.run({
        mode: 'open',
        seconds: eventCount / RATE,
        ratePerSecond: RATE,
        connections: 8,
        port: server.port,
        subscriber: null,
        // Those that write are others than those that are read, or the rows would run away from the mouse.
        what: { kind: 'webhook', messagesPerPost: 1, contacts: 300, run },
      })
      for (let turn = 0; turn < switchCount; turn++) {
        const thread = among[turn % among.length]
        if (thread) await go(tab, thread)
      }
      const { requests } = await traffic
      await page.waitForLoadState('networkidle')
      return requests
    }
    const first = await work(events * FIRST_PART, switches * FIRST_PART, firstThreads)
    const before = await heapOf(tab)
    const requests = await work(events, switches, threads)
    const after = await heapOf(tab)
    const megabytes = (bytes: number) => bytes / 1024 ** 2
    const note = `heap of the page at rest, after a collection, ${requests} events and ${switches} switches later; baseline: after the list, three threads and ${first} events`
    return [figure('web-heap', megabytes(after), 'MB', { baseline: megabytes(before), note })]
  } finally {
    await tab.close()
  }
}

const shownIn = ({ id, lastMessageId }: FilledThread) =>
  `[data-thread="${id}"] [data-message="${lastMessageId}"]`

function open({ page }: BrowserTab, thread: FilledThread): Promise<number> {
  return untilShown(page, `[data-conversation="${thread.id}"]`, shownIn(thread))
}

/** Its row may be far down the list by now: the link is followed as a bookmark would be, inside the app. */
async function go({ page }: BrowserTab, thread: FilledThread): Promise<void> {
  await page.evaluate(`(() => {
    const link = document.createElement('a')
    link.href = '/c/${thread.id}'
    document.body.append(link)
    link.click()
    link.remove()
  })()`)
  await page.locator(shownIn(thread)).waitFor()
}

/** Once it stands still: the page tidies up when it has a moment. */
async function heapOf(tab: BrowserTab): Promise<number> {
  let held = await collected(tab)
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    await Bun.sleep(TURN_MS)
    const now = await collected(tab)
    const isStill = Math.abs(now - held) < held * STILL_SHARE
    held = now
    if (isStill) break
  }
  return held
}

async function collected({ protocol }: BrowserTab): Promise<number> {
  await protocol.send('HeapProfiler.collectGarbage')
  await protocol.send('HeapProfiler.collectGarbage')
  const { usedSize } = await protocol.send('Runtime.getHeapUsage')
  return usedSize
}
