import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { openDatabase } from '../../db/client.ts'
import { fillThread } from '../../scripts/bench/fillThread.ts'
import { type Delivery, delivery, post, seconds, signatureOf } from '../../server/testing/delivery.ts'
import { CUSTOMER, type Desk, sitDown } from './desk.ts'

export type LongThread = Desk & {
  conversationId: string
  /** Runs once for each page of the thread that was asked for. */
  pages: () => number
}

/** An agent before a customer's thread of so many messages of all kinds; pictures take a moment to come. */
export async function sitDownBeforeThread(count: number): Promise<LongThread> {
  const desk = await sitDown()
  const { page, stack } = desk
  const conversationId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
  const client = openDatabase(stack.databaseUrl, { connections: 1 })
  // Older than what the customer has just written.
  await fillThread(client.sql, { conversationId, count, endsAt: new Date(Date.now() - 3_600_000) })
  await client.close()
  let pages = 0
  page.on('request', (request) => {
    if (request.url().includes('messages.list')) pages += 1
  })
  const picture = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#8a7' } })
    .jpeg()
    .toBuffer()
  await page.route('**/media/**', async (route) => {
    // What is heard is there.
    if (route.request().resourceType() === 'media') return route.fallback()
    await new Promise((done) => setTimeout(done, 20 + Math.random() * 120))
    await route.fulfill({ contentType: 'image/jpeg', body: picture }).catch(() => {})
  })
  await page.reload()
  await page.locator('[data-message]', { hasText: 'oak table' }).waitFor()
  return { ...desk, conversationId, pages: () => pages }
}

// As text: these run in the page, and the types of a page are not known here.
const VIEW = 'document.querySelector("[data-thread]")'
/** Behind a painted frame: layout is done, and what watches sizes has had its say. */
const PAINTED =
  'const painted = () => new Promise((done) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0) }))'

/**
 * Scrolls up so many times, and after each waits until the thread stands still; answers with how far, at most, the message at the
 * top of the view was moved by anything but the scrolling, and with the most rows that were drawn at once.
 */
export function driftWhileReadingUp(
  page: Page,
  steps: number,
): Promise<{ drift: number; rows: number; moved: number }> {
  return page.evaluate<{ drift: number; rows: number; moved: number }>(`(async () => {
    ${PAINTED}
    const view = ${VIEW}
    const messages = () => [...view.querySelectorAll('[data-message]')]
    const atTop = () => messages().find((one) => one.getBoundingClientRect().bottom > view.getBoundingClientRect().top)
    let drift = 0, rows = 0, moved = 0
    for (let step = 0; step < ${steps}; step++) {
      const before = view.scrollTop
      view.scrollTop -= 900 + (step * 337) % 700
      if (view.scrollTop === before) await painted()
      else moved += 1
      // Rows at a place that was never drawn are measured with the frame that draws them, and stand from the next one on.
      await painted()
      await painted()
      const id = atTop().dataset.message
      const top = () => view.querySelector('[data-message="' + id + '"]').getBoundingClientRect().top
      const start = top()
      for (let frame = 0; frame < 14; frame++) {
        await painted()
        drift = Math.max(drift, Math.abs(top() - start))
        rows = Math.max(rows, view.querySelectorAll('[data-row]').length)
      }
    }
    return { drift, rows, moved }
  })()`)
}

/** Where a message stands below the top of the view; null when it is not drawn. */
export function topOf(page: Page, text: string): Promise<number | null> {
  return page.evaluate<number | null>(`(() => {
    const view = ${VIEW}
    const one = [...view.querySelectorAll('[data-message]')].find((message) => message.textContent.includes(${JSON.stringify(text)}))
    return one ? one.getBoundingClientRect().top - view.getBoundingClientRect().top : null
  })()`)
}

/** WhatsApp tells of a message of the customer, of any kind, sent at any time. */
export async function deliver(desk: Desk, wamid: string, type: string, part: Delivery, sentAt = new Date()) {
  const message = { from: CUSTOMER.number, id: wamid, timestamp: seconds(sentAt), type, [type]: part }
  const contacts = [{ profile: { name: CUSTOMER.name }, wa_id: CUSTOMER.number }]
  const { phoneNumberId, appSecret } = desk.stack.simulator.channel
  const body = JSON.stringify(delivery({ contacts, messages: [message] }, 'messages', phoneNumberId))
  const answer = await post(desk.stack.url, body, signatureOf(body, appSecret))
  if (!answer.ok) throw new Error(`The webhook answered ${answer.status}`)
}

export const isAtEnd = (page: Page) => page.locator('[data-thread][data-at-end=true]')
