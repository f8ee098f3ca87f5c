import { afterAll, beforeAll, expect, test } from 'bun:test'
import { persist } from '../ingest/persist.ts'
import { type Delivery, delivery, seconds } from '../testing/delivery.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import { letterBoxOf } from './readDeadLetters.ts'
import { replayDeadLetter } from './replayDeadLetter.ts'

/**
 * CVE-2026-115725 (Chatwoot before 4.17.0): one account reached the messages and contacts of another by naming an id of theirs
 * (`source_id`). Here: the wamid, the attempt id, and the phone number of a customer of another channel or workspace.
 */
const OURS = '106540352242922'
const SAME_WORKSPACE = 'second-number'
const OTHER_WORKSPACE = 'foreign-number'
const CUSTOMER = '16505551234'

let workspace: TestWorkspace
const otherWorkspace = Bun.randomUUIDv7()
beforeAll(async () => {
  workspace = await testWorkspace()
  const { sql, workspaceId } = workspace
  await sql`insert into workspaces (id, name) values (${otherWorkspace}, 'Other')`
  await sql`insert into event_counters (workspace_id) values (${otherWorkspace})`
  for (const [owner, number] of [
    [workspaceId, SAME_WORKSPACE],
    [otherWorkspace, OTHER_WORKSPACE],
  ] as const)
    await sql`
      insert into channels (id, workspace_id, name, phone_number_id, display_phone_number, business_account_id)
      values (${Bun.randomUUIDv7()}, ${owner}, ${number}, ${number}, '1555', '1')`
})
afterAll(() => workspace.drop())

let streamMs = Date.now()
async function store(body: Delivery, signedFor: string[] | null = null): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  const receivedAt = new Date(streamMs)
  const streamId = `${streamMs++}-0`
  const items = readDelivery(bytes, receivedAt).map((item) => ({
    ...item,
    streamId,
    receivedAt,
    body: bytes,
    signedFor,
  }))
  await persist(workspace.sql, items, () => new Date())
}
const written = (wamid: string, number: string, more: Delivery = {}, name = 'Sheena') =>
  delivery(
    {
      contacts: [{ profile: { name }, wa_id: CUSTOMER }],
      messages: [
        {
          from: CUSTOMER,
          id: wamid,
          timestamp: seconds(new Date()),
          type: 'text',
          text: { body: wamid },
          ...more,
        },
      ],
    },
    'messages',
    number,
  )
const sent = (wamid: string) =>
  delivery(
    {
      message_echoes: [
        {
          from: '15550783881',
          to: CUSTOMER,
          id: wamid,
          timestamp: seconds(new Date()),
          type: 'text',
          text: { body: 'Hello' },
        },
      ],
    },
    'smb_message_echoes',
    OURS,
  )
const status = (number: string, wamid: string, attemptId?: string) =>
  delivery(
    {
      statuses: [
        {
          id: wamid,
          status: 'read',
          timestamp: seconds(new Date()),
          ...(attemptId && { biz_opaque_callback_data: attemptId }),
        },
      ],
    },
    'messages',
    number,
  )
const statusOf = async (wamid: string) =>
  (await workspace.sql<{ status: string }[]>`select status from messages where wamid = ${wamid}`)[0]?.status

test.each([SAME_WORKSPACE, OTHER_WORKSPACE])(
  'a status that %s sends moves no message of ours, whether it names our wamid or our attempt id',
  async (number) => {
    const wamid = `wamid.status.${number}`
    await store(sent(wamid))
    const [attempt] = await workspace.sql<{ id: string }[]>`
      select a.id from message_attempts a join messages m on m.id = a.message_id where m.wamid = ${wamid}`
    await store(status(number, wamid))
    await store(status(number, 'wamid.of.nobody', attempt?.id))
    await store(status(number, wamid, attempt?.id))
    expect(await statusOf(wamid)).toBe('sent')
    // What it says is true of a message of ours when our own number says it.
    await store(status(OURS, wamid, attempt?.id))
    expect(await statusOf(wamid)).toBe('read')
  },
)

test('a customer of two companies is two contacts, and each company knows the name that it was told', async () => {
  await store(written('wamid.contact.ours', OURS, {}, 'Sheena Nelson'))
  await store(written('wamid.contact.theirs', OTHER_WORKSPACE, {}, 'Renamed elsewhere'))
  const rows = await workspace.sql<{ workspaceId: string; name: string }[]>`
    select workspace_id, name from contacts where phone = ${CUSTOMER}`
  expect(rows).toHaveLength(2)
  const nameIn = (id: string) => rows.find((row) => row.workspaceId === id)?.name
  expect([nameIn(workspace.workspaceId), nameIn(otherWorkspace)]).toEqual([
    'Sheena Nelson',
    'Renamed elsewhere',
  ])
})

test('a wamid of ours that another number delivers is a message of theirs, and ours stays as it was', async () => {
  await store(written('wamid.twice', OURS))
  await store(written('wamid.twice', OTHER_WORKSPACE, { text: { body: 'changed by others' } }))
  const rows = await workspace.sql<{ workspaceId: string; body: string }[]>`
    select workspace_id, body from messages where wamid = 'wamid.twice'`
  expect(new Map(rows.map((row) => [row.workspaceId, row.body]))).toEqual(
    new Map([
      [workspace.workspaceId, 'wamid.twice'],
      [otherWorkspace, 'changed by others'],
    ]),
  )
})

test('a reaction, an edit and a revocation that another number delivers change nothing of ours', async () => {
  await store(written('wamid.target', OURS))
  const at = seconds(new Date())
  const changes: Delivery[] = [
    { type: 'reaction', reaction: { message_id: 'wamid.target', emoji: '👎' } },
    {
      type: 'edit',
      edit: {
        original_message_id: 'wamid.target',
        message: { type: 'text', text: { body: 'not what we wrote' } },
      },
    },
    { type: 'revoke', revoke: { original_message_id: 'wamid.target' } },
  ]
  const looks = async () => {
    const [row] = await workspace.sql<{ looks: unknown }[]>`
      select row_to_json(m) as looks from messages m
      where m.wamid = 'wamid.target' and m.workspace_id = ${workspace.workspaceId}`
    const reactions = await workspace.sql`
      select r.emoji from message_reactions r join channels c on c.id = r.channel_id where c.phone_number_id = ${OURS}`
    return { looks: row?.looks, reactions: [...reactions] }
  }
  const before = await looks()
  expect(before.looks).toBeTruthy()
  for (const number of [SAME_WORKSPACE, OTHER_WORKSPACE])
    for (const [index, change] of changes.entries())
      await store(
        written(`wamid.change.${number}.${index}`, number, { ...change, timestamp: at, text: undefined }),
      )
  expect(await looks()).toEqual(before)
  // The same reaction by our own number counts, so the change that was refused above was one.
  await store(written('wamid.change.ours', OURS, { ...changes[0], text: undefined }))
  expect((await looks()).reactions).toEqual([{ emoji: '👎' }])
})

test('an app that works for one company writes to no other, whatever number its delivery names', async () => {
  const { sql, workspaceId } = workspace
  const malformed = delivery(
    { messages: [{ from: CUSTOMER, type: 'text', text: { body: 'no id' } }] },
    'messages',
    OURS,
  )
  const count = async () => {
    const [row] = await sql`
      select (select count(*) from messages where wamid like 'wamid.app.%')::int as messages,
             (select count(*) from dead_letters where workspace_id = ${workspaceId})::int as ours,
             (select count(*) from dead_letters where reason = 'foreign_signature' and workspace_id is null)::int as nobodys`
    return row
  }
  const before = await count()
  await store(sent('wamid.app.0'), [otherWorkspace])
  await store(written('wamid.app.1', OURS), [otherWorkspace])
  await store(malformed, [otherWorkspace])
  expect(await count()).toEqual({ messages: 0, ours: before?.ours, nobodys: 3 })
  // Nor does a replay help, which says no more than which letter.
  const [letter] = await sql<
    { id: string }[]
  >`select id from dead_letters where reason = 'foreign_signature' limit 1`
  const box = await letterBoxOf(sql, workspaceId)
  const replay = sql.begin((tx) => replayDeadLetter(tx, letter?.id ?? '', box, workspace.agentId, new Date()))
  await expect(replay).rejects.toMatchObject({ reason: 'NOT_FOUND' })
  // The same by an app that works for us, or for both.
  await store(written('wamid.app.2', OURS), [workspaceId])
  await store(written('wamid.app.3', OURS), [otherWorkspace, workspaceId])
  expect((await count())?.messages).toBe(2)
})
