import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { resumeChannel } from '../inbox/resumeChannels.ts'
import { eventually } from '../testing/eventually.ts'
import { graphThat, TestOutbox } from '../testing/testOutbox.ts'
import type { GraphOutcome } from '../whatsapp/graph.ts'

let outbox: TestOutbox
beforeEach(async () => {
  outbox = await TestOutbox.open()
})
afterEach(() => outbox.close())

const refusedWith = (code: number): GraphOutcome => ({
  refused: { code, title: `Error ${code}`, details: null },
})
const sent = (count: number): GraphOutcome => ({ sent: `wamid.${count}` })
const becomes = (...states: string[]) =>
  eventually(async () => {
    expect(await outbox.states()).toEqual(states)
    return true
  })
/** Until the sender has looked at the outbox once more and found nothing that could go. */
async function looksAgain(text: string, reached: () => string[]): Promise<void> {
  const before = reached().length
  await outbox.send(await outbox.openConversation('16505559999'), text)
  outbox.ring()
  await eventually(() => reached().length > before)
}

describe('a refusal that passes', () => {
  test('130429 holds back the whole number, and everything goes when it opens', async () => {
    await outbox.send(await outbox.openConversation('16505550001'), 'first')
    const { reached, texts, ...graph } = graphThat((_, count) =>
      count === 1 ? refusedWith(130429) : sent(count),
    )
    await outbox.running(graph, async () => {
      await eventually(async () => (await outbox.states()).join() === 'queued' && reached.length === 1)
      await outbox.send(await outbox.openConversation('16505550002'), 'second')
      outbox.ring()
      outbox.pass(900)
      expect(texts()).toEqual(['first'])
      outbox.pass(100) // it opens at its own pace: one, and then the next
      await eventually(() => reached.length === 2)
      outbox.pass(1000)
      await becomes('sent', 'sent')
    })
    expect(reached).toHaveLength(3)
  })

  test('131056 holds back that customer only, for 1, 4 and 16 seconds, and in order', async () => {
    const busy = await outbox.openConversation('16505550001')
    await outbox.send(busy, 'first')
    await outbox.send(busy, 'second')
    const { reached, texts, ...graph } = graphThat(({ content }, count) =>
      content.kind === 'text' && content.text === 'first' && reached.length <= 6
        ? refusedWith(131056)
        : sent(count),
    )
    await outbox.running(graph, async () => {
      const waits: number[] = []
      for (const count of [1, 2, 3]) {
        const due = await eventually(async () => {
          const [row] = await outbox.workspace.sql<{ dueAt: Date }[]>`
            select due_at from outbox where retries = ${count} and state = 'queued'`
          return row?.dueAt
        })
        waits.push((due.getTime() - outbox.clock.getTime()) / 1000)
        await looksAgain(`meanwhile ${count}`, texts)
        outbox.pass(due.getTime() - outbox.clock.getTime())
      }
      expect(waits).toEqual([1, 4, 16])
      await eventually(() => texts().filter((text) => text === 'first').length === 4)
      outbox.pass(64_000)
      await eventually(async () => (await outbox.states()).every((state) => state === 'sent'))
    })
    expect(texts().lastIndexOf('first')).toBeLessThan(texts().indexOf('second'))
  })

  test('tells agents why it waits and until when, and gives up after as many attempts as its row says', async () => {
    const message = await outbox.send(await outbox.openConversation(), 'Hello')
    const { reached, texts, ...graph } = graphThat(() => refusedWith(131000))
    await outbox.running(graph, async () => {
      await eventually(async () => (await outbox.message(message.id)).retryAt !== null)
      expect(await outbox.message(message.id)).toMatchObject({
        status: 'queued',
        attempt: 2,
        retryAt: new Date(outbox.clock.getTime() + 2000).toISOString(),
        error: { code: 131000 },
      })
      await eventually(async () => {
        outbox.pass(60_000)
        return (await outbox.message(message.id)).status === 'failed'
      })
    })
    expect(reached).toHaveLength(5)
    expect(new Set(reached.map((one) => one.attemptId)).size).toBe(5)
    const told = (await outbox.events()).filter((event) => event.type === 'message.status')
    expect(told.map(({ attempt, status }) => `${attempt} ${status}`)).toEqual([
      '2 queued',
      '3 queued',
      '4 queued',
      '5 queued',
      '5 failed',
    ])
  })

  test('an earlier attempt that arrives after all spares the customer the next one', async () => {
    const message = await outbox.send(await outbox.openConversation(), 'Hello')
    const { reached, texts, ...graph } = graphThat(() => refusedWith(131000))
    await outbox.running(graph, async () => {
      await eventually(async () => (await outbox.message(message.id)).retryAt !== null)
      await outbox.status('wamid.first', 'delivered', reached[0]?.attemptId)
      await outbox.status('wamid.first', 'read', reached[0]?.attemptId)
      outbox.pass(60_000)
      await looksAgain('another', texts)
    })
    expect(texts()).toEqual(['Hello', 'another'])
    expect(await outbox.message(message.id)).toMatchObject({
      status: 'read',
      wamid: 'wamid.first',
      retryAt: null,
    })
  })
})

describe('a channel that WhatsApp will not let send', () => {
  const stopped = () =>
    eventually(async () => {
      const [row] = await outbox.workspace.sql`select stop_error from channels where stopped_at is not null`
      return row?.stopError
    })

  test('stops with its reason, keeps its line and takes what is sent meanwhile', async () => {
    const conversation = await outbox.openConversation()
    await outbox.send(conversation, 'first')
    const { reached, texts, ...graph } = graphThat(() => refusedWith(190))
    await outbox.running(graph, async () => {
      expect(await stopped()).toMatchObject({ code: 190 })
      await becomes('queued')
      await outbox.send(conversation, 'second')
      outbox.pass(60_000)
    })
    expect(texts()).toEqual(['first'])
    expect(await outbox.states()).toEqual(['queued', 'queued'])
    const told = (await outbox.events()).filter((event) => event.type === 'channel.changed')
    expect(told).toMatchObject([{ channel: { id: outbox.workspace.channelId, stopError: { code: 190 } } }])
  })

  test('goes on by itself, in order, when a sender starts with another token, and not with the same', async () => {
    const conversation = await outbox.openConversation()
    await outbox.send(conversation, 'first')
    await outbox.send(conversation, 'second')
    await outbox.running(
      graphThat(() => refusedWith(190)),
      stopped,
      'expired',
    )
    const same = graphThat((_, count) => sent(count))
    await outbox.running(same, async () => {}, 'expired')
    expect(same.reached).toHaveLength(0)
    const renewed = graphThat((_, count) => sent(count))
    await outbox.running(renewed, () => becomes('sent', 'sent'), 'renewed')
    expect(renewed.texts()).toEqual(['first', 'second'])
    expect(await outbox.workspace.sql`select 1 from channels where stopped_at is not null`).toHaveLength(0)
  })

  test('a locked account waits for an administrator, whatever the token', async () => {
    await outbox.send(await outbox.openConversation(), 'Hello')
    const { reached, texts, ...graph } = graphThat((_, count) =>
      count === 1 ? refusedWith(131031) : sent(count),
    )
    await outbox.running(graph, stopped, 'one')
    const { agent, workspace } = outbox
    const request = { agent, channelIds: [workspace.channelId], channelId: workspace.channelId }
    await outbox.running(
      graph,
      async () => {
        await expect(workspace.sql.begin((tx) => resumeChannel(tx, request))).rejects.toMatchObject({
          reason: 'FORBIDDEN',
        })
        expect(reached).toHaveLength(1)
        const carla = { ...agent, role: 'administrator' as const }
        const channel = await workspace.sql.begin((tx) => resumeChannel(tx, { ...request, agent: carla }))
        expect(channel).toMatchObject({ stoppedAt: null, stopError: null })
        outbox.ring()
        await becomes('sent')
      },
      'another',
    )
  })
})
