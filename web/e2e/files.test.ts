import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { eventually } from '../../server/testing/eventually.ts'
import { accessibilityViolations, keepPicture, showTheme } from './browser.ts'
import { bubble, type Desk, say, sitDown } from './desk.ts'

const WITHIN_MS = 60_000
// As text: it runs in the page, and the types of a page are not known here.
const ARE_PICTURES_LOADED =
  '[...document.querySelectorAll("[data-picture] img")].every((one) => one.complete && one.naturalWidth > 0)'
const FABRIC = { create: { width: 640, height: 480, channels: 3 as const, background: '#7c6f52' } }

describe('files in a browser', () => {
  let desk: Desk
  let photo: Buffer

  beforeAll(async () => {
    ;[desk, photo] = await Promise.all([sitDown(), sharp(FABRIC).jpeg().toBuffer()])
  }, WITHIN_MS)

  afterAll(() => desk?.stop(), WITHIN_MS)

  const attach = (...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
    desk.page.locator('[data-attach]').setInputFiles(files)
  const jpeg = (name: string) => ({ name, mimeType: 'image/jpeg', buffer: photo })
  const last = () => desk.received().at(-1)

  test(
    'photos and a document go out in the order of the tray, each with its caption',
    async () => {
      const { page } = desk
      const pdf = { name: 'Prices.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF') }
      await attach(jpeg('moss.jpg'), jpeg('slate.jpg'), pdf)
      await page.locator('[data-tray=ready]').nth(2).waitFor()
      await page.getByLabel('Caption of slate.jpg').fill('Slate')
      await page.locator('[data-composer]').fill('Moss')
      for (const theme of ['dark', 'light'] as const) {
        await showTheme(page, theme)
        expect(await accessibilityViolations(page)).toEqual([])
        await keepPicture(page, `tray-${theme}`)
      }
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await bubble(page, 'Prices.pdf').locator('[data-status=read]').waitFor()
      expect(await page.locator('[data-composer]').inputValue()).toBe('')
      const sent = desk.received().map(({ type, content }) => [type, content.caption ?? content.filename])
      expect(sent).toEqual([
        ['image', 'Moss'],
        ['image', 'Slate'],
        ['document', 'Prices.pdf'],
      ])
    },
    WITHIN_MS,
  )

  test(
    'what is pasted or dropped joins the tray',
    async () => {
      const { page } = desk
      for (const [at, event] of [
        ['[data-composer]', 'new ClipboardEvent("paste", { clipboardData: data, ...how })'],
        ['[data-thread]', 'new DragEvent("drop", { dataTransfer: data, ...how })'],
      ]) {
        await page.evaluate(
          `{ const data = new DataTransfer(); data.items.add(new File(["words"], "notes.txt", { type: "text/plain" }));
             const how = { bubbles: true, cancelable: true }; document.querySelector('${at}').dispatchEvent(${event}) }`,
        )
        await page.locator('[data-tray=ready]', { hasText: 'notes.txt' }).waitFor()
        await page.getByRole('button', { name: 'Remove notes.txt' }).click()
      }
    },
    WITHIN_MS,
  )

  test(
    'what WhatsApp would refuse is said before anything is uploaded, with a way out',
    async () => {
      const { page } = desk
      const uploads: string[] = []
      page.on('request', (request) => {
        if (request.method() === 'POST' && request.url().includes('/media?')) uploads.push(request.url())
      })
      const raw = { width: 1600, height: 1200, channels: 3 as const }
      const large = await sharp(randomBytes(1600 * 1200 * 3), { raw })
        .png({ compressionLevel: 0 })
        .toBuffer()
      expect(large.byteLength).toBeGreaterThan(5 * 1024 * 1024)
      await attach({ name: 'large.png', mimeType: 'image/png', buffer: large })
      await page.getByText('WhatsApp takes photos up to 5 MB; this one has').waitFor()
      expect(uploads).toEqual([])
      await page.getByRole('button', { name: 'Send smaller copy' }).click()
      await page.locator('[data-tray=ready]', { hasText: 'large.jpg' }).waitFor()
      await page.getByRole('button', { name: 'Remove large.jpg' }).click()
      expect(uploads).toHaveLength(1)
    },
    WITHIN_MS,
  )

  test(
    'a voice note is recorded, listened to and sent, and WhatsApp takes it as one',
    async () => {
      const { page } = desk
      await page.getByRole('button', { name: 'Record a voice message' }).click()
      await page.getByRole('timer').getByText('0:01').waitFor()
      await keepPicture(page, 'recording')
      await page.getByRole('button', { name: 'Stop' }).click()
      await page.getByRole('group', { name: 'Your recording' }).waitFor()
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, 'recorded')
      await page.locator('[data-recorder]').getByRole('button', { name: 'Send' }).click()
      await eventually(() => last()?.type === 'audio')
      expect(last()?.content).toMatchObject({ voice: true })
      await page
        .locator('[data-direction=out]', { has: page.getByRole('group', { name: 'Voice message' }) })
        .locator('[data-status]')
        .waitFor()
      await page.locator('[data-composer]').waitFor()
    },
    WITHIN_MS,
  )

  test(
    'a picture of the customer takes its room before its first byte is here, and opens with the keyboard',
    async () => {
      const { page } = desk
      const { promise: held, resolve: release } = Promise.withResolvers<void>()
      await page.route(/\/media\/[^?]*(\?thumbnail=1)?$/, async (route) => {
        await held
        await route.continue()
      })
      await desk.write({ type: 'image', caption: 'Will it fit?' })
      const picture = bubble(page, 'Will it fit?').locator('[data-picture=stored]')
      await picture.waitFor()
      const before = await picture.boundingBox()
      release()
      await eventually(() => page.evaluate<boolean>(ARE_PICTURES_LOADED))
      expect(await picture.boundingBox()).toEqual(before)
      await page.unroute(/\/media\//)
      await picture.getByRole('button', { name: 'Open the photo: Will it fit?' }).press('Enter')
      const viewer = page.getByRole('dialog')
      await viewer.getByText('Will it fit?').waitFor()
      expect(await accessibilityViolations(page)).toEqual([])
      const at = await viewer.getByText(/\d+ of \d+/).innerText()
      await page.keyboard.press('ArrowLeft')
      expect(await viewer.getByText(/\d+ of \d+/).innerText()).not.toBe(at)
      await keepPicture(page, 'viewer')
      await page.keyboard.press('Escape')
      await viewer.waitFor({ state: 'detached' })
    },
    WITHIN_MS,
  )

  test(
    'a file that could not be fetched says why, and Retry brings it',
    async () => {
      const { page } = desk
      desk.stack.simulator.faults.next({ fault: 'wrong-sha256', times: 1 })
      await desk.write({ type: 'document', filename: 'Sketch.pdf' })
      await bubble(page, 'Sketch.pdf').getByText('It arrived damaged').waitFor()
      await keepPicture(page, 'file-failed')
      await bubble(page, 'Sketch.pdf').getByRole('button', { name: 'Retry' }).click()
      await bubble(page, 'Sketch.pdf')
        .getByRole('link', { name: /^Download Sketch.pdf/ })
        .waitFor()
    },
    WITHIN_MS,
  )

  test(
    'an answer quotes the message under the pointer, and a reaction reaches the customer and is taken back',
    async () => {
      const { page } = desk
      const wamid = await desk.write({ type: 'text', text: 'And in green?' })
      await bubble(page, 'And in green?').hover()
      await page.keyboard.press('r')
      await page.getByRole('group', { name: 'Replying to' }).getByText('And in green?').waitFor()
      await say(page, 'Moss is green')
      await bubble(page, 'Moss is green').locator('[data-status=read]').waitFor()
      expect(last()).toMatchObject({ contextId: wamid, content: { body: 'Moss is green' } })
      const asked = page.locator(`[data-message]:has-text("And in green?")`).first()
      await asked.getByRole('button', { name: 'React' }).click()
      await page.getByRole('toolbar', { name: 'Reactions' }).getByRole('button', { name: '👍' }).click()
      await asked.getByLabel('Reactions').getByText('👍').waitFor()
      await eventually(() => last()?.type === 'reaction')
      expect(last()?.content).toMatchObject({ message_id: wamid, emoji: '👍' })
      await asked.getByRole('button', { name: 'React' }).click()
      await page.getByRole('button', { name: 'Remove the reaction' }).click()
      await asked.getByLabel('Reactions').waitFor({ state: 'detached' })
      await eventually(() => last()?.content.emoji === '')
    },
    WITHIN_MS,
  )

  test(
    'buttons, a list, a link and a place are put together and arrive as such',
    async () => {
      const { page } = desk
      const open = async (item: string) => {
        await page.getByRole('button', { name: 'More to send' }).click()
        await page.getByRole('menuitem', { name: item, exact: true }).click()
      }
      const dialog = page.getByRole('dialog')
      const send = (name = 'Send') => dialog.getByRole('button', { name, exact: true }).click()
      await open('Buttons to answer with')
      await dialog.getByLabel('Text').fill('Shall we deliver?')
      await dialog.getByRole('textbox', { name: 'Button 1' }).fill('Yes, please do so now')
      await dialog.getByText('WhatsApp takes up to 20 characters here.').waitFor()
      expect(await dialog.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
      expect(await accessibilityViolations(page)).toEqual([])
      await keepPicture(page, 'form-buttons')
      await dialog.getByRole('textbox', { name: 'Button 1' }).fill('Yes')
      await dialog.getByRole('button', { name: 'Add a button' }).click()
      await dialog.getByRole('textbox', { name: 'Button 2' }).fill('No')
      await send()
      await bubble(page, 'Shall we deliver?').locator('[data-status=read]').waitFor()
      expect(last()?.content).toMatchObject({
        type: 'button',
        action: { buttons: [{ reply: { title: 'Yes' } }, { reply: { title: 'No' } }] },
      })
      await open('List to choose from')
      await dialog.getByLabel('Text').fill('Which colour?')
      await dialog.getByLabel('Button that opens the list').fill('Colours')
      await dialog.getByRole('textbox', { name: 'Choice 1' }).fill('Moss')
      await send()
      await bubble(page, 'Which colour?').locator('[data-status=read]').waitFor()
      expect(last()?.content).toMatchObject({ type: 'list', action: { button: 'Colours' } })
      await open('Link button')
      await dialog.getByLabel('Text').fill('Here it is')
      await dialog.getByRole('textbox', { name: 'Button', exact: true }).fill('Track')
      await dialog.getByLabel('Address').fill('https://example.com/parcel')
      await send()
      await bubble(page, 'Here it is').locator('[data-status=read]').waitFor()
      expect(last()?.content).toMatchObject({ type: 'cta_url' })
      await open('Location')
      await dialog.getByLabel('Coordinates, or a link to a map').fill('52.5163, 13.3777')
      await dialog.getByLabel('Name').fill('Our showroom')
      await send('Send location')
      await bubble(page, 'Our showroom').locator('[data-status=read]').waitFor()
      expect(last()).toMatchObject({ type: 'location', content: { latitude: 52.5163, longitude: 13.3777 } })
      await keepPicture(page, 'kinds-sent')
    },
    WITHIN_MS,
  )

  test('the page complained about nothing', () => {
    expect(desk.complaints).toEqual([])
  })
})
