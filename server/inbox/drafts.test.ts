import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { testAgent, testConversation } from '../testing/testPeople.ts'
import { reachTo } from '../testing/testReach.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { Agent } from './agent.ts'
import { readDraft, readDrafts, saveDraft } from './drafts.ts'

let workspace: TestWorkspace
let ben: Agent
let conversationId: string
const NOW = new Date('2026-03-01T12:00:00Z')
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())
beforeEach(async () => {
  ben = await testAgent(workspace, 'Ben')
  conversationId = await testConversation(workspace)
})

function save(body: string, version: number, reach = reachTo([workspace.channelId]), isNote = false) {
  const draft = {
    agent: ben,
    reach,
    conversationId,
    body,
    version,
    isNote,
    quotedMessageId: null,
  }
  return repeatable(workspace.sql, (tx) => saveDraft(tx, draft, NOW))
}

const draftsOf = (agentId: string) => readDraft(workspace.sql, agentId, conversationId)

test('a draft is there on the other device, and nobody else’s', async () => {
  expect(await draftsOf(ben.id)).toEqual({ draft: null, note: null })
  const { draft, replaced } = await save('Dear Shee', 0)
  expect(replaced).toBeNull()
  expect(await draftsOf(ben.id)).toEqual({ draft, note: null })
  expect(draft).toMatchObject({ body: 'Dear Shee', version: 1, updatedAt: NOW.toISOString() })
  expect(await draftsOf(workspace.agentId)).toEqual({ draft: null, note: null })
})

test('the last writer wins, and is told what another device had written meanwhile', async () => {
  await save('Dear', 0)
  await save('Dear Sheena', 1)
  const { draft, replaced } = await save('Hello', 1)
  expect(draft).toMatchObject({ body: 'Hello', version: 3 })
  expect(replaced).toMatchObject({ body: 'Dear Sheena', version: 2 })
  expect((await save('Hello there', 3)).replaced).toBeNull()
})

test('an answer and a note are written side by side, and neither replaces the other', async () => {
  await save('Dear Sheena', 0)
  const { draft: note, replaced } = await save('She asked twice', 0, reachTo([workspace.channelId]), true)
  expect(replaced).toBeNull()
  expect(note).toMatchObject({ version: 1, isNote: true })
  expect(await draftsOf(ben.id)).toMatchObject({
    draft: { body: 'Dear Sheena' },
    note: { body: 'She asked twice' },
  })
  await save('', 1)
  expect(await draftsOf(ben.id)).toMatchObject({ draft: { body: '' }, note: { body: 'She asked twice' } })
})

test('two devices that save the first draft at once lose neither', async () => {
  const both = await Promise.all([save('from the phone', 0), save('from the desk', 0)])
  const versions = both.map(({ draft }) => draft.version)
  expect(versions.toSorted()).toEqual([1, 2])
  const loser = both.find(({ draft }) => draft.version === 1)
  const winner = both.find(({ draft }) => draft.version === 2)
  expect(winner?.replaced?.body).toBe(loser?.draft.body ?? '')
})

test('what was sent is listed no more, and its version goes on', async () => {
  const of = { agent: ben, reach: reachTo([workspace.channelId]) }
  await save('Soon', 0)
  expect((await readDrafts(workspace.sql, of, 10)).map((draft) => draft.conversationId)).toEqual([
    conversationId,
  ])
  expect((await save('', 1)).draft.version).toBe(2)
  expect(await readDrafts(workspace.sql, of, 10)).toEqual([])
})

test('drafts in conversations out of reach are neither kept nor listed', async () => {
  await save('Secret', 0)
  expect(await readDrafts(workspace.sql, { agent: ben, reach: reachTo([]) }, 10)).toEqual([])
  expect(await save('More', 1, reachTo([])).catch((error) => error.reason)).toBe('NOT_FOUND')
})
