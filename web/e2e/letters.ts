import type { Page } from 'playwright-core'
import type { DeadLetterSnapshot } from '../../server/inbox/readDeadLetters.ts'

const ITEM = { from: '16505551234', type: 'text', text: { body: 'Is the table still there?' } }
const RAW = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ changes: [{ value: ITEM }] }] })

const letter = (number: number, change: Partial<DeadLetterSnapshot>): DeadLetterSnapshot => ({
  id: `01900000-0000-7000-8000-00000000000${number}`,
  streamId: `${number}-0`,
  path: 'entry[0].changes[0].value.messages[0]',
  reason: 'malformed_message',
  detail: 'The message has no id',
  item: ITEM,
  raw: RAW,
  rawSize: RAW.length,
  createdAt: new Date(Date.now() - number * 3_000_000).toISOString(),
  resolvedAt: null,
  resolution: null,
  resolutionNote: null,
  resolvedBy: null,
  ...change,
})

/** Dead letters as a page of the server may hold them, for pictures: a demo has none of its own. */
export const LETTERS: DeadLetterSnapshot[] = [
  letter(1, {}),
  letter(2, {
    path: 'entry[0].changes[2]',
    reason: 'unknown_channel',
    detail: 'No channel has the number 999000111',
  }),
  letter(3, {
    path: '',
    reason: 'not_json',
    detail: null,
    item: null,
    raw: '{"object": "whats',
    rawSize: 3_145_728,
  }),
  letter(4, { reason: 'invented_tomorrow', detail: null }),
]

export const RESOLVED: DeadLetterSnapshot[] = [
  letter(5, { resolvedAt: new Date().toISOString(), resolution: 'replayed', resolvedBy: 'Carla' }),
  letter(6, {
    path: '',
    reason: 'not_a_delivery',
    detail: null,
    resolvedAt: new Date().toISOString(),
    resolution: 'discarded',
    resolutionNote: 'A monitoring probe posts this, see the page of the operations team.',
    resolvedBy: 'Carla',
  }),
]

/** Answers `deadLetters.list` in this window with these, and leaves the rest of a batch as it is. */
export async function answerWithLetters(page: Page, letters: readonly DeadLetterSnapshot[]): Promise<void> {
  await page.route(/\/trpc\/[^?]*deadLetters\.list/, async (route) => {
    const names = new URL(route.request().url()).pathname.replace('/trpc/', '').split(',')
    const response = await route.fetch()
    const answers: unknown[] = await response.json()
    const data = { letters, hasMore: false, waiting: letters.filter((one) => one.resolvedAt === null).length }
    const json = answers.map((answer, index) =>
      names[index] === 'deadLetters.list' ? { result: { data } } : answer,
    )
    await route.fulfill({ response, json })
  })
}
