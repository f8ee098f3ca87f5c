import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { persist } from '../ingest/persist.ts'
import { type Delivery, delivery, textDelivery } from '../testing/delivery.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { deadLetterPage, letterBoxOf, waitingLetterIds } from './readDeadLetters.ts'
import { discardDeadLetter, replayDeadLetter } from './replayDeadLetter.ts'

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  await workspace.sql`truncate messages, events, dead_letters, conversations, contacts, contact_identities cascade`
})

let streamMs = Date.now()
async function receive(value: Delivery | string): Promise<void> {
  const body = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
  const receivedAt = new Date(streamMs)
  const streamId = `${streamMs++}-0`
  const items = readDelivery(body, receivedAt).map((item) => ({ ...item, streamId, receivedAt, body }))
  await persist(workspace.sql, items, () => new Date())
}

const box = () => letterBoxOf(workspace.sql, workspace.workspaceId)
const waiting = async () => waitingLetterIds(workspace.sql, await box())
async function replay(letterId: string) {
  const letters = await box()
  return workspace.sql.begin((tx) => replayDeadLetter(tx, letterId, letters, workspace.agentId, new Date()))
}

test('what came for a number that is connected later is stored by a replay, where it would have stood, once', async () => {
  const early = delivery(
    {
      messages: [{ from: '1', id: 'early', timestamp: '1750000000', type: 'text', text: { body: 'early' } }],
    },
    'messages',
    'new-number',
  )
  await receive(early)
  const [letterId = ''] = await waiting()
  expect(await replay(letterId)).toMatchObject({ outcome: 'still_dead', reason: 'unknown_channel' })
  await workspace.sql`
    insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
    values (${Bun.randomUUIDv7()}, ${workspace.workspaceId}, 'New', 'new-number', '1', '1')`
  expect(await replay(letterId)).toMatchObject({ outcome: 'stored', workspaceIds: [workspace.workspaceId] })
  expect(await waiting()).toEqual([])
  expect(await workspace.sql`select 1 from messages where wamid = 'early'`).toHaveLength(1)
  await expect(replay(letterId)).rejects.toMatchObject({ reason: 'NOT_FOUND' })
  await receive(early)
  expect(await workspace.sql`select 1 from messages where wamid = 'early'`).toHaveLength(1)
})

test('only the item of the letter is replayed, not its siblings', async () => {
  const message = (id: string) => ({
    from: '1',
    id,
    timestamp: '1750000000',
    type: 'text',
    text: { body: id },
  })
  await receive(delivery({ messages: [message('sibling'), { type: 'text' }] }))
  const [letterId = ''] = await waiting()
  expect(await replay(letterId)).toMatchObject({ outcome: 'still_dead', reason: 'malformed_message' })
  expect(await workspace.sql`select 1 from messages`).toHaveLength(1)
})

test('a discarded letter is kept with who, when and why', async () => {
  await receive('not json')
  const letters = await box()
  const [letterId = ''] = await waiting()
  const by = { agentId: workspace.agentId, note: 'A test of the monitoring' }
  await workspace.sql.begin((tx) => discardDeadLetter(tx, letterId, letters, by, new Date()))
  const page = await deadLetterPage(workspace.sql, letters, { isResolved: true, limit: 10 })
  expect(page).toMatchObject({
    waiting: 0,
    letters: [
      {
        reason: 'not_json',
        raw: 'not json',
        resolution: 'discarded',
        resolutionNote: by.note,
        resolvedBy: 'Ana',
      },
    ],
  })
})

test('a letter of another workspace can be neither seen, nor replayed, nor discarded', async () => {
  const other = Bun.randomUUIDv7()
  await workspace.sql`insert into workspaces (id, name) values (${other}, 'Other')`
  try {
    await receive(textDelivery('fine', 'x'))
    await workspace.sql`
      insert into dead_letters (id, workspace_id, stream_id, path, reason, raw)
      values (${Bun.randomUUIDv7()}, ${other}, '1-1', '', 'not_json', 'secret')`
    const [foreign] = await workspace.sql<{ id: string }[]>`select id from dead_letters`
    expect(await waiting()).toEqual([])
    await expect(replay(foreign?.id ?? '')).rejects.toMatchObject({ reason: 'NOT_FOUND' })
    const letters = await box()
    const discard = workspace.sql.begin((tx) =>
      discardDeadLetter(
        tx,
        foreign?.id ?? '',
        letters,
        { agentId: workspace.agentId, note: 'x' },
        new Date(),
      ),
    )
    await expect(discard).rejects.toMatchObject({ reason: 'NOT_FOUND' })
  } finally {
    await workspace.sql`delete from workspaces where id = ${other}`
  }
})
