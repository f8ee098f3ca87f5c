import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { persist } from '../ingest/persist.ts'
import { textDelivery } from '../testing/delivery.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { readDelivery } from '../whatsapp/readDelivery.ts'
import type { Agent } from './agent.ts'
import { Refusal } from './refusal.ts'
import { type StartRequest, startConversation } from './startConversation.ts'

let workspace: TestWorkspace
let ana: Agent
let templateId: string
const now = new Date()

beforeAll(async () => {
  workspace = await testWorkspace()
  const { agentId: id, workspaceId, teamId } = workspace
  ana = { id, name: 'Ana', email: '', workspaceId, role: 'agent', teamIds: [teamId] }
  templateId = Bun.randomUUIDv7()
  await workspace.sql`
    insert into templates (id, workspace_id, business_account_id, graph_id, name, language, category, status, components, synced_at)
    values (${templateId}, ${workspaceId}, '102290129340398', '1', 'hello', 'en', 'MARKETING', 'APPROVED',
      '[{"type":"BODY","text":"Hello {{1}}"}]', now())`
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  await workspace.sql`truncate messages, events, outbox, conversations, contacts, contact_identities cascade`
})

function start(phone: string, more: Partial<StartRequest> = {}) {
  const request: StartRequest = {
    agent: ana,
    reach: reachTo([workspace.channelId]),
    channelId: workspace.channelId,
    phone,
    clientMessageId: Bun.randomUUIDv7(),
    content: { kind: 'template', templateId, body: { '1': 'Lena' } },
    ...more,
  }
  return repeatable(workspace.sql, (tx) => startConversation(tx, request, now))
}

async function customerWrites(phone: string) {
  const body = new TextEncoder().encode(JSON.stringify(textDelivery(`wamid.${phone}`, 'Hi', phone)))
  const items = readDelivery(body, now).map((item) => ({ ...item, streamId: '1-0', receivedAt: now, body }))
  await persist(workspace.sql, items, () => now)
}

const contacts = () =>
  workspace.sql<{ name: string | null; phone: string }[]>`select name, phone from contacts order by phone`
const count = async (table: string) =>
  (await workspace.sql<{ n: number }[]>`select count(*)::int as n from ${workspace.sql(table)}`)[0]?.n

describe('writing to a number first', () => {
  test('makes contact, conversation and message together, and is safe to repeat', async () => {
    const clientMessageId = Bun.randomUUIDv7()
    const first = await start('+49 (155) 501-00077', { name: 'Lena Oak', clientMessageId })
    expect(first).toMatchObject({ body: 'Hello Lena', status: 'queued', type: 'template' })
    expect(await start('004915550100077', { clientMessageId })).toEqual(first)
    expect([...(await contacts())]).toEqual([{ name: 'Lena Oak', phone: '4915550100077' }])
    expect([await count('conversations'), await count('messages'), await count('outbox')]).toEqual([1, 1, 1])
  })

  test('finds whoever is known already, also where the dialled number has a digit more', async () => {
    await customerWrites('551187654321')
    await start('+55 11 9 8765-4321', { name: 'Somebody else' })
    expect(await count('conversations')).toBe(1)
    expect([...(await contacts())]).toEqual([{ name: 'Sheena Nelson', phone: '551187654321' }])
  })

  test('gives way to the name of the profile when the customer answers', async () => {
    await start('16505551234', { name: 'Typed' })
    await customerWrites('16505551234')
    expect((await contacts())[0]?.name).toBe('Sheena Nelson')
    expect(await count('conversations')).toBe(1)
  })

  test('of two agents at once makes one conversation', async () => {
    const [one, other] = await Promise.all([start('+4915550100077'), start('004915550100077')])
    expect(one.conversationId).toBe(other.conversationId)
    expect([await count('contacts'), await count('conversations'), await count('messages')]).toEqual([
      1, 1, 2,
    ])
  })

  const refused: [string, string, Partial<StartRequest>, string][] = [
    ['a number without its country code', '0155 50100077', {}, 'MESSAGE_INVALID'],
    ['a word', 'Lena', {}, 'MESSAGE_INVALID'],
    ['our own number', '+1 555 078-3881', {}, 'MESSAGE_INVALID'],
    ['a channel out of reach', '+4915550100077', { reach: reachTo([]) }, 'NOT_FOUND'],
  ]
  test.each(refused)('with %s is refused and leaves nothing behind', async (_, phone, more, reason) => {
    await expectRefusal(start(phone, more), reason)
  })

  test('with a template that is not filled in is refused and leaves nothing behind', async () => {
    await expectRefusal(
      start('+4915550100077', { content: { kind: 'template', templateId, body: {} } }),
      'TEMPLATE_UNUSABLE',
    )
  })

  async function expectRefusal(started: Promise<unknown>, reason: string) {
    const refusal = await started.catch((error: unknown) => error)
    expect(refusal instanceof Refusal && refusal.reason).toBe(reason as Refusal['reason'])
    expect([await count('contacts'), await count('conversations'), await count('messages')]).toEqual([
      0, 0, 0,
    ])
  }

  test('who wants no marketing is refused', async () => {
    await customerWrites('16505551234')
    await workspace.sql`update contacts set opted_out_at = now()`
    const refusal = await start('+16505551234').catch((error: unknown) => error)
    expect(refusal instanceof Refusal && refusal.reason).toBe('OPTED_OUT')
  })
})
