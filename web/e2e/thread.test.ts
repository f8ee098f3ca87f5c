import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { wordsOf } from '../../scripts/bench/fillThread.ts'
import { eventually } from '../../server/testing/eventually.ts'
import { dayOf } from '../src/lib/inbox/dayOf.ts'
import { accessibilityViolations, keepPicture, showTheme } from './browser.ts'
import { bubble, say } from './desk.ts'
import {
  deliver,
  driftWhileReadingUp,
  isAtEnd,
  type LongThread,
  sitDownBeforeThread,
  topOf,
} from './longThread.ts'

const WITHIN_MS = 90_000
const LENGTH = 10_000
const MOST_ROWS = 80

/** As the thread names it. */
function nameOf(day: Date, daysAgo: number): string {
  const inWords = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', options).format(day)
  if (daysAgo === 1) return 'Yesterday'
  return daysAgo < 7 ? inWords({ weekday: 'long' }) : inWords({ day: 'numeric', month: 'long' })
}

describe('a thread of ten thousand messages', () => {
  let desk: LongThread

  beforeAll(async () => {
    desk = await sitDownBeforeThread(LENGTH)
  }, WITHIN_MS)

  afterAll(() => desk?.stop(), WITHIN_MS)

  const latest = () => desk.page.locator('[data-act=latest]')
  /** A bubble of the filled thread: its number is not the beginning of another. */
  const filled = (number: number) =>
    desk.page.locator('[data-message]').filter({ hasText: new RegExp(`${wordsOf(number)}(?!\\d)`) })

  test(
    'opens at its end, with a few rows of it',
    async () => {
      const { page } = desk
      await isAtEnd(page).waitFor()
      await filled(LENGTH - 2).waitFor()
      expect(await page.locator('[data-row]').count()).toBeLessThan(MOST_ROWS)
      expect(await latest().count()).toBe(0)
      expect(desk.pages()).toBeLessThan(4)
    },
    WITHIN_MS,
  )

  test(
    'nothing moves while older pages come above and pictures come late',
    async () => {
      const asked = desk.pages()
      const { drift, rows, moved } = await driftWhileReadingUp(desk.page, 40)
      expect(desk.pages() - asked).toBeGreaterThan(6)
      expect(moved).toBeGreaterThan(20)
      expect(drift).toBeLessThanOrEqual(1)
      expect(rows).toBeLessThan(MOST_ROWS)
    },
    WITHIN_MS,
  )

  test(
    'what arrives while one reads further up moves nothing, and is counted on the way back',
    async () => {
      const { page } = desk
      const id = await page.locator('[data-message]').nth(8).getAttribute('data-message')
      const place = async () => (await page.locator(`[data-message="${id}"]`).boundingBox())?.y ?? 0
      const before = await place()
      await desk.write({ type: 'text', text: 'Are you still there?' })
      await latest().filter({ hasText: '1' }).waitFor()
      expect(await latest().getAttribute('aria-label')).toBe('One new message below: go to the latest')
      expect(Math.abs((await place()) - before)).toBeLessThan(0.5)
      await latest().click()
      await isAtEnd(page).waitFor()
      await bubble(page, 'Are you still there?').waitFor()
      expect(await latest().count()).toBe(0)
    },
    WITHIN_MS,
  )

  test(
    'a quote leads to its message, however far away, and the way back says how far it is',
    async () => {
      const { page } = desk
      // The newest that quotes: a multiple of forty.
      const quoting = filled(LENGTH - 40)
      await page.locator('[data-thread]').focus()
      await eventually(async () => {
        if ((await quoting.count()) > 0) return true
        await page.keyboard.press('PageUp')
        throw new Error('not in view yet')
      })
      await quoting.locator('[data-act=quoted]').click()
      await filled(LENGTH - 1_040).waitFor()
      const top = await topOf(page, `${wordsOf(LENGTH - 1_040)}`)
      expect(top).toBeGreaterThan(100)
      expect(top).toBeLessThan(500)
      expect(await latest().textContent()).toContain('9')
      expect(await latest().getAttribute('aria-label')).toMatch(/messages below: go to the latest$/)
      await latest().click()
      await isAtEnd(page).waitFor()
      await bubble(page, 'Are you still there?').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a day can be gone to, one after the other and back to the end, and its name stays in sight',
    async () => {
      const { page } = desk
      for (const daysAgo of [30, 3, 60, 59, 1, 45]) {
        const day = new Date(Date.now() - daysAgo * 86_400_000)
        await page.locator('[data-act=day]').first().click()
        await page.locator('input[type=date]').fill(dayOf(day.getTime()))
        await page.getByRole('button', { name: 'Go', exact: true }).click()
        const line = page.locator('[data-row=day]', { hasText: nameOf(day, daysAgo) })
        await line.waitFor()
        expect(await page.locator('[data-row]').count()).toBeLessThan(MOST_ROWS)
        await driftWhileReadingUp(page, 1)
        await page.locator('[data-day-on-top]').waitFor()
        if (daysAgo % 2 === 1) {
          await latest().click()
          await isAtEnd(page).waitFor()
        }
      }
    },
    WITHIN_MS,
  )

  test(
    'an address leads to a message far up, and downwards the thread goes on to its end without a gap',
    async () => {
      const { page } = desk
      await filled(LENGTH - 4_000).count()
      const id = await page.evaluate<string>(
        `fetch('/trpc/messages.list?input=' + encodeURIComponent(JSON.stringify({ conversationId: '${desk.conversationId}', around: 'wamid.fill.${desk.conversationId}.${LENGTH - 200}', limit: 1 }))).then((answer) => answer.json()).then((answer) => answer.result.data.anchorId)`,
      )
      await page.goto(`${desk.stack.url}/c/${desk.conversationId}?at=${id}`)
      await page.locator(`[data-message="${id}"]`).waitFor()
      await page.locator('[data-flash]').waitFor()
      const seen = new Set<number>()
      let stoodAt = -1
      await page.locator('[data-thread]').focus()
      await eventually(
        async () => {
          const texts = await page.locator('[data-message]').allTextContents()
          for (const text of texts) seen.add(Number(/Message (\d+)/.exec(text)?.[1] ?? 0))
          if ((await isAtEnd(page).count()) === 1) return true
          // The scrolling is smooth: two presses while it moves go further than what is drawn at once.
          const standsAt = await page.evaluate<number>("document.querySelector('[data-thread]').scrollTop")
          if (standsAt === stoodAt) await page.keyboard.press('PageDown')
          stoodAt = standsAt
          throw new Error('not at the end yet')
        },
        { withinMs: 70_000 },
      )
      await bubble(page, 'Are you still there?').waitFor()
      const missing: number[] = []
      // Emoji and voice notes say no number.
      for (let number = LENGTH - 200; number < LENGTH; number += 1)
        if (![3, 9].includes(number % 20) && number % 40 !== 11 && !seen.has(number)) missing.push(number)
      expect(missing).toEqual([])
    },
    WITHIN_MS,
  )

  test(
    'at the end one stays there, when something comes and when the composer grows',
    async () => {
      const { page } = desk
      await isAtEnd(page).waitFor()
      await desk.write({ type: 'text', text: 'One more thing' })
      await bubble(page, 'One more thing').waitFor()
      await isAtEnd(page).waitFor()
      await page.locator('[data-composer]').fill('a\nb\nc\nd\ne\nf')
      await isAtEnd(page).waitFor()
      const box = await bubble(page, 'One more thing').boundingBox()
      const composer = await page.locator('[data-composer]').boundingBox()
      expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(composer?.y ?? 0)
      await page.locator('[data-composer]').fill('')
      await say(page, 'Tell me')
      await bubble(page, 'Tell me').locator('[data-status=read]').waitFor()
      await isAtEnd(page).waitFor()
    },
    WITHIN_MS,
  )

  test(
    'what comes days late is told of, stands in its place with a mark, and can be gone to',
    async () => {
      const { page } = desk
      const daysAgo = new Date(Date.now() - 20 * 86_400_000)
      await deliver(desk, 'wamid.late', 'text', { body: 'Written on the train' }, daysAgo)
      await page.getByRole('button', { name: 'One message came late' }).click()
      await bubble(page, 'Written on the train').waitFor()
      expect(await bubble(page, 'Written on the train').textContent()).toContain('came late')
      await page.locator('[data-act=late]').waitFor({ state: 'detached' })
      await latest().click()
      await isAtEnd(page).waitFor()
    },
    WITHIN_MS,
  )

  test(
    'an edited message shows what it said before, and lists and quotes look like lists and quotes',
    async () => {
      const { page } = desk
      await deliver(desk, 'wamid.edited', 'text', { body: 'I need:\n- two chars\n> in oak' })
      await bubble(page, 'two chars').waitFor()
      const words = { context: { id: 'M0' }, type: 'text', text: { body: 'I need:\n- two chairs\n> in oak' } }
      await deliver(desk, 'wamid.edit', 'edit', { original_message_id: 'wamid.edited', message: words })
      const edited = bubble(page, 'two chairs')
      expect(await edited.getByRole('listitem').innerText()).toContain('two chairs')
      await edited.getByRole('button', { name: 'edited' }).click()
      await page.locator('[data-history] li').nth(1).waitFor()
      const versions = await page.locator('[data-history] li').allInnerTexts()
      expect(versions.map((text) => /ch\w+/.exec(text)?.[0])).toEqual(['chars', 'chairs'])
      await page.keyboard.press('Escape')
    },
    WITHIN_MS,
  )

  test(
    'it reads on a phone, and has no accessibility violations, light or dark',
    async () => {
      const { page } = desk
      await page.setViewportSize({ width: 390, height: 844 })
      await isAtEnd(page).waitFor()
      const { drift, rows } = await driftWhileReadingUp(page, 10)
      expect(drift).toBeLessThanOrEqual(1)
      expect(rows).toBeLessThan(MOST_ROWS)
      await keepPicture(page, 'thread-390')
      await page.setViewportSize({ width: 1440, height: 900 })
      for (const theme of ['light', 'dark'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
        await keepPicture(page, `thread-long-${theme}`)
      }
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    expect(desk.complaints).toEqual([])
  })
})
