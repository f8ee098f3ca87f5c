import { afterAll, beforeAll, expect, test } from 'bun:test'
import type { Browser, Page } from 'playwright-core'
import { drawJpeg } from '../../scripts/simulate/media/jpeg.ts'
import { openDesk, sheena } from '../../scripts/simulate/testing/desk.ts'
import { until } from '../../scripts/simulate/testing/until.ts'
import { upload } from '../../scripts/simulate/testing/upload.ts'
import { accessibilityViolations, keepPicture, openBrowser } from './browser.ts'

/** The customers' side of the demo: what a phone shows of each kind, and what can be tapped. */
let desk: Awaited<ReturnType<typeof openDesk>>
let browser: Browser
let page: Page
const complaints: string[] = []

beforeAll(async () => {
  desk = await openDesk()
  browser = await openBrowser()
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage()
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(`${desk.simulator.url}/#${sheena}`)
  await page.getByText('No messages yet.').waitFor()
})
afterAll(async () => {
  await browser.close()
  await desk.stop()
})

const arrives = async (fits: (message: Record<string, unknown>) => boolean) => {
  await until('it arrives', () => desk.receiver.messages().some(fits))
}
const interactive = (content: { type: string; action: object }) =>
  desk.send({
    to: sheena,
    type: 'interactive',
    interactive: { body: { text: 'Shall we?' }, ...content } as never,
  })
const sizes = (selector: string) =>
  page.evaluate<number[]>(
    `Promise.all([...document.querySelectorAll('#thread ${selector}')].map((one) => one.decode().then(() => one.naturalWidth)))`,
  )

test('a customer sends one of each kind, and the phone can show it', async () => {
  const menu = page.locator('#attach')
  for (const kind of ['Photo', 'Video', 'Voice note', 'Document', 'Sticker', 'Location', 'Contact']) {
    await page.getByLabel('Send something else').click()
    await menu.getByRole('button', { name: kind, exact: true }).click()
  }
  for (const type of ['image', 'video', 'audio', 'document', 'sticker', 'location', 'contacts']) {
    await arrives((message) => message.type === type)
  }
  await page.getByText('Grace Ford').first().waitFor()
  expect((await sizes('img')).sort()).toEqual([512, 640])
  await page.waitForFunction('document.querySelector("#thread video").videoWidth === 160')
  await page.waitForFunction('document.querySelector("#thread audio").duration === 4')
})

test('a customer sends a file of their own', async () => {
  const file = { name: 'plan.txt', mimeType: 'text/plain', buffer: Buffer.from('Two sofas') }
  await page.locator('#own-file').setInputFiles(file)
  await arrives(({ document }) => (document as { filename?: string } | undefined)?.filename === 'plan.txt')
})

test('a customer taps a button, picks a row, and shares a location when asked', async () => {
  await interactive({
    type: 'button',
    action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes, please' } }] },
  })
  await page.getByRole('button', { name: 'Yes, please' }).click()
  const row = { id: 'thursday', title: 'Thursday', description: '9 to 12' }
  await interactive({
    type: 'list',
    action: { button: 'Pick a day', sections: [{ title: 'Days', rows: [row] }] },
  })
  await page.getByText('Pick a day').click()
  await keepPicture(page, 'phones-list')
  await page.getByRole('button', { name: 'Thursday 9 to 12' }).click()
  const { wamid } = await interactive({ type: 'location_request_message', action: { name: 'send_location' } })
  await page.getByRole('button', { name: 'Send location' }).click()
  const tapped = desk.receiver.messages
  await arrives(({ context }) => (context as { id?: string } | undefined)?.id === wamid)
  expect(tapped().flatMap(({ interactive }) => (interactive ? [interactive] : []))).toMatchObject([
    { button_reply: { id: 'yes' } },
    { list_reply: { id: 'thursday', description: '9 to 12' } },
  ])
})

test('a template stands there as the customer sees it: picture, words, buttons', async () => {
  const id = await upload(
    desk.simulator,
    drawJpeg(() => 0.5),
    'image/jpeg',
  )
  const words = { first_name: 'Sheena', price: '390 €' }
  const parameters = Object.entries(words).map(([name, text]) => ({
    type: 'text',
    parameter_name: name,
    text,
  }))
  const components = [
    { type: 'header', parameters: [{ type: 'image', image: { id } }] },
    { type: 'body', parameters },
  ]
  const template = { name: 'new_in_store', language: { code: 'en_US' }, components }
  await desk.send({ to: sheena, type: 'template', template })
  await page
    .locator('#thread')
    .getByText('Sheena, look what came in this week. It is yours for 390 €.')
    .waitFor()
  expect(await sizes('.with-media img')).toEqual([640])
  await page.getByRole('button', { name: 'Tell me more' }).click()
  await arrives(({ type }) => type === 'button')
})

test('blue ticks and a typing bubble come from the business', async () => {
  const wamid = await desk.simulator.phones.write(sheena, { type: 'text', text: 'Are you there?' })
  const bubble = page.locator('#thread li', { hasText: 'Are you there?' })
  await bubble.getByLabel('Reached Baton').waitFor()
  await desk.send({ status: 'read', message_id: wamid, typing_indicator: { type: 'text' } })
  await bubble.getByLabel('Read by the business').waitFor()
  await page.getByLabel('The business is typing').waitFor()
  await keepPicture(page, 'phones-typing')
  await desk.send({ to: sheena, type: 'text', text: { body: 'Here we are' } })
  await page.locator('#thread').getByText('Here we are').waitFor()
  await page.getByLabel('The business is typing').waitFor({ state: 'detached' })
})

test('the person who shows the demo decides what happens to the next message', async () => {
  await page.getByLabel('The next message to this customer').selectOption('131056')
  await page.getByText('Planned: it is refused').waitFor()
  const codes = []
  for (const body of ['first', 'second']) {
    codes.push((await desk.send({ to: sheena, type: 'text', text: { body } })).json.error?.code)
  }
  expect(codes).toEqual([131056, undefined])
  await page.getByLabel('Access token expired').check()
  await until('it is expired', () => desk.simulator.token.isExpired)
  await page.getByLabel('Access token expired').uncheck()
  await until('it is good again', () => !desk.simulator.token.isExpired)
})

test('the page is usable without a mouse or eyes, and complains of nothing', async () => {
  expect(await accessibilityViolations(page)).toEqual([])
  expect(complaints).toEqual([])
})
