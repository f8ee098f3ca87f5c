import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { openDesk, sheena, text } from './testing/desk.ts'
import { until } from './testing/until.ts'

describe('a customer writes', () => {
  let desk: Awaited<ReturnType<typeof openDesk>>
  beforeAll(async () => {
    desk = await openDesk()
  })
  afterAll(() => desk.stop())

  test('a text arrives signed over its raw bytes, which are plain ASCII', async () => {
    const wamid = await desk.simulator.phones.write(sheena, { type: 'text', text: 'Größe L / XL? 🙏' })
    await until('the text arrives', () => desk.receiver.messages().some((one) => one.id === wamid))
    const raw = new TextDecoder().decode(desk.receiver.bodies[0])
    expect(raw).toContain('Gr\\u00f6\\u00dfe L \\/ XL? \\ud83d\\ude4f')
    expect(desk.receiver.messages()[0]).toMatchObject({
      from: sheena,
      type: 'text',
      text: { body: 'Größe L / XL? 🙏' },
    })
    expect(desk.receiver.values()[0]?.contacts?.[0]).toMatchObject({
      wa_id: sheena,
      profile: { name: 'Sheena Nelson' },
    })
  })

  test('a photo and a voice note can be fetched by the ids in the webhook', async () => {
    await desk.simulator.phones.write(sheena, { type: 'image', caption: 'This corner' })
    await desk.simulator.phones.write(sheena, { type: 'voice', seconds: 2 })
    await until('both arrive', () => desk.receiver.messages().length >= 3)
    const [, image, voice] = desk.receiver.messages()
    expect(image).toMatchObject({ type: 'image', image: { mime_type: 'image/png', caption: 'This corner' } })
    expect(voice).toMatchObject({
      type: 'audio',
      audio: { voice: true, mime_type: 'audio/ogg; codecs=opus' },
    })
    const headers = { Authorization: 'Bearer demo-access-token' }
    const { id } = z.object({ id: z.string() }).parse(image?.image)
    const media = (await (await fetch(`${desk.simulator.apiUrl}/${id}`, { headers })).json()) as {
      url: string
    }
    const file = await fetch(media.url, { headers })
    expect(file.headers.get('content-type')).toBe('image/png')
    expect((await file.bytes()).slice(1, 4)).toEqual(new TextEncoder().encode('PNG'))
    expect((await fetch(media.url)).status).toBe(401)
  })

  test('a reply quotes, a reaction names its target, a tapped button answers', async () => {
    const { wamid } = await desk.send({
      to: sheena,
      type: 'interactive',
      interactive: {
        type: 'button',
        body: { text: 'Shall we deliver?' },
        action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes, please' } }] },
      },
    })
    const before = desk.receiver.messages().length
    await desk.simulator.phones.write(sheena, { type: 'text', text: 'When?', quote: wamid })
    await desk.simulator.phones.write(sheena, { type: 'reaction', to: wamid, emoji: '👍' })
    await desk.simulator.phones.write(sheena, { type: 'reaction', to: wamid, emoji: '' })
    await desk.simulator.phones.write(sheena, { type: 'choice', to: wamid, id: 'yes' })
    await until('all four arrive', () => desk.receiver.messages().length === before + 4)
    const [quoting, reacting, unreacting, tapping] = desk.receiver.messages().slice(before)
    expect(quoting?.context).toEqual({ from: '15550783881', id: wamid })
    expect(reacting?.reaction).toEqual({ message_id: wamid, emoji: '👍' })
    expect(unreacting?.reaction).toEqual({ message_id: wamid })
    expect(tapping).toMatchObject({
      context: { id: wamid },
      interactive: { type: 'button_reply', button_reply: { id: 'yes', title: 'Yes, please' } },
    })
  })

  test('the handshake succeeds with the right verify token', async () => {
    expect(await desk.simulator.shakeHands()).toBe(true)
  })
})

describe('the business sends', () => {
  let desk: Awaited<ReturnType<typeof openDesk>>
  beforeAll(async () => {
    desk = await openDesk()
  })
  afterAll(() => desk.stop())
  const statusesOf = (wamid: string) => desk.receiver.statuses().filter((one) => one.id === wamid)

  test('statuses come as sent, delivered, read and echo the callback data', async () => {
    const { wamid, json } = await desk.send(text('Hello', { biz_opaque_callback_data: 'attempt-1' }))
    expect(json).toMatchObject({ contacts: [{ input: `+${sheena}`, wa_id: sheena }] })
    await until('it is read', () => statusesOf(wamid).length === 3)
    expect(statusesOf(wamid).map((one) => one.status)).toEqual(['sent', 'delivered', 'read'])
    for (const status of statusesOf(wamid)) {
      expect(status).toMatchObject({ recipient_id: sheena, biz_opaque_callback_data: 'attempt-1' })
    }
    expect(desk.simulator.phones.log(sheena)).toMatchObject([{ wamid, callbackData: 'attempt-1' }])
  })

  test('a phone that does not read by itself reads when it is opened', async () => {
    desk.simulator.phones.set(sheena, { autoRead: false })
    const { wamid } = await desk.send(text('Are you there?'))
    await until('it is delivered', () => statusesOf(wamid).length === 2)
    desk.simulator.phones.open(sheena)
    await until('it is read', () => statusesOf(wamid).at(-1)?.status === 'read')
    desk.simulator.phones.set(sheena, { autoRead: true })
  })

  test('a reaction is sent and nothing more', async () => {
    const target = await desk.simulator.phones.write(sheena, { type: 'text', text: 'Done' })
    const { wamid } = await desk.send({
      to: sheena,
      type: 'reaction',
      reaction: { message_id: target, emoji: '❤️' },
    })
    const { wamid: later } = await desk.send(text('after it'))
    await until('a later message is read', () => statusesOf(later).length === 3)
    expect(statusesOf(wamid).map((one) => one.status)).toEqual(['sent'])
    expect(desk.simulator.phones.thread(sheena).find((row) => row.wamid === target)?.reactions).toEqual(['❤️'])
  })

  test('free text outside the window is accepted and then fails with 131047, a template passes', async () => {
    desk.simulator.phones.set(sheena, { windowClosed: true })
    const refused = await desk.send(text('Too late'))
    const template = { name: 'follow_up', language: { code: 'en_US' }, components: [bodyWith('Sheena')] }
    const passed = await desk.send({ to: sheena, type: 'template', template })
    expect([refused.http, passed.http]).toEqual([200, 200])
    await until(
      'both are settled',
      () => statusesOf(refused.wamid).length === 1 && statusesOf(passed.wamid).length === 3,
    )
    expect(statusesOf(refused.wamid)[0]).toMatchObject({ status: 'failed', errors: [{ code: 131047 }] })
    await desk.simulator.phones.write(sheena, { type: 'text', text: 'I am back' })
    const again = await desk.send(text('Welcome back'))
    await until('the window is open again', () => statusesOf(again.wamid)[0]?.status === 'sent')
  })

  test('a number ending in 900026 cannot be reached', async () => {
    const { wamid } = await desk.send({ to: '447700900026', type: 'text', text: { body: 'Hello' } })
    await until('it fails', () => statusesOf(wamid).length === 1)
    expect(statusesOf(wamid)[0]).toMatchObject({ status: 'failed', errors: [{ code: 131026 }] })
  })

  test('a read mark covers all that the customer wrote before it', async () => {
    const first = await desk.simulator.phones.write(sheena, { type: 'text', text: 'one' })
    const second = await desk.simulator.phones.write(sheena, { type: 'text', text: 'two' })
    const answer = await desk.send({ status: 'read', message_id: second, typing_indicator: { type: 'text' } })
    expect(answer.json).toEqual({ success: true })
    const progress = desk.simulator.phones.thread(sheena).filter((row) => [first, second].includes(row.wamid))
    expect(progress.map((row) => row.progress)).toEqual(['read', 'read'])
  })
})

describe('the webhook is in trouble', () => {
  test('a webhook that answered 503 gets the same updates again, in order', async () => {
    const desk = await openDesk()
    desk.receiver.refuse(503, 503, 500)
    const ids: string[] = []
    for (const word of ['one', 'two', 'three'])
      ids.push(await desk.simulator.phones.write(sheena, { type: 'text', text: word }))
    await until('all arrive', () => desk.receiver.messages().length === 3)
    expect(desk.receiver.refusalsLeft()).toBe(0)
    expect(desk.receiver.messages().map((one) => one.id)).toEqual(ids)
    await until('nothing waits', () => desk.simulator.webhookState().waiting === 0)
    expect(desk.simulator.webhookState().trouble).toBeUndefined()
    await desk.stop()
  })

  test('threads survive a restart with a torn last line, and what was not delivered still is', async () => {
    const desk = await openDesk({ retry: { firstMs: 60_000 } })
    desk.receiver.refuse(503)
    const wamid = await desk.simulator.phones.write(sheena, { type: 'text', text: 'Do not forget me' })
    await until('the webhook refused it', () => desk.simulator.webhookState().trouble === 'HTTP 503')
    await desk.simulator.stop()
    appendFileSync(join(desk.folder, 'journal.jsonl'), '{"kind":"inbo')
    const second = await desk.restart()
    await until('it arrives after the restart', () =>
      desk.receiver.messages().some((one) => one.id === wamid),
    )
    expect(second.phones.thread(sheena).map((row) => row.content.text)).toEqual(['Do not forget me'])
    expect(second.phones.list().find((phone) => phone.number === sheena)?.name).toBe('Sheena Nelson')
    await desk.stop()
  })
})

function bodyWith(word: string) {
  return { type: 'body', parameters: [{ type: 'text', text: word }] }
}
