import type { Page } from 'playwright-core'

// As text: these run in the page, and the types of a page are not known here.

/** Of the frame whose callbacks run now: what is posted in them arrives when it is drawn. */
const PAINTED =
  'new Promise((done) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => done(); port2.postMessage(null) })'

/**
 * Milliseconds from a click on `selector` until `shown` is on the screen: looked for once in each frame, until the end of the first
 * that draws it.
 */
export function untilShown(page: Page, selector: string, shown: string): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const target = document.querySelector(${JSON.stringify(selector)})
    if (!target) throw new Error('nothing to click at ' + ${JSON.stringify(selector)})
    const startedAt = performance.now()
    target.click()
    do {
      if (performance.now() - startedAt > 20000) throw new Error('never shown: ' + ${JSON.stringify(shown)})
      await new Promise((next) => requestAnimationFrame(next))
    } while (!document.querySelector(${JSON.stringify(shown)}))
    await ${PAINTED}
    return performance.now() - startedAt
  })()`)
}

/** Until the page has nothing to do. */
export async function untilAtRest(page: Page): Promise<void> {
  await page.evaluate('new Promise((rests) => requestIdleCallback(rests, { timeout: 5000 }))')
}

/**
 * Notes of each key how long it takes from its press to the next paint, as the browser itself measures it (Event Timing, in steps of 8 ms;
 * what takes less than 16 ms is not told), until it is asked.
 */
export async function watchKeys(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(`(() => {
    const seen = { took: [] }
    window.__keys = seen
    const note = (list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') seen.took.push(entry.duration)
    }
    seen.observer = new PerformanceObserver(note)
    seen.observer.observe({ type: 'event', durationThreshold: 16 })
    seen.note = note
  })()`)
  return () =>
    page.evaluate<number[]>(`new Promise((told) => requestIdleCallback(() => {
      const seen = window.__keys
      seen.note({ getEntries: () => seen.observer.takeRecords() })
      seen.observer.disconnect()
      told(seen.took)
    }, { timeout: 5000 }))`)
}

/** Notes the time of each frame, and each task of more than 50 ms, until it is asked what it saw. */
export async function watchFrames(
  page: Page,
): Promise<() => Promise<{ frames: number[]; longestTaskMs: number }>> {
  await page.evaluate(`(() => {
    const seen = { frames: [], longest: 0, isOn: true }
    window.__frames = seen
    let last = performance.now()
    const look = (now) => {
      if (!seen.isOn) return
      seen.frames.push(now - last)
      last = now
      requestAnimationFrame(look)
    }
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(look) })
    seen.observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.longest = Math.max(seen.longest, entry.duration)
    })
    seen.observer.observe({ type: 'longtask', buffered: false })
  })()`)
  return () =>
    page.evaluate(`(() => {
      const seen = window.__frames
      seen.isOn = false
      for (const entry of seen.observer.takeRecords()) seen.longest = Math.max(seen.longest, entry.duration)
      seen.observer.disconnect()
      return { frames: seen.frames, longestTaskMs: seen.longest }
    })()`)
}

/** The rate of frames that 95 % of them reach. */
export function slowestFrames(frames: readonly number[]): number {
  const rates = frames.filter((ms) => ms > 0).map((ms) => 1000 / ms)
  rates.sort((a, b) => a - b)
  return rates[Math.floor(rates.length * 0.05)] ?? 0
}
