import { afterAll, beforeAll, expect, test } from 'bun:test'
import { repeatable } from '../../db/repeatable.ts'
import { testAgent } from '../testing/testPeople.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import type { Agent } from './agent.ts'
import { fillCanned } from './cannedPlaces.ts'
import { readCannedReplies, removeCannedReply, saveCannedReply } from './cannedReplies.ts'

let workspace: TestWorkspace
let ana: Agent
const NOW = new Date('2026-03-01T12:00:00Z')
beforeAll(async () => {
  workspace = await testWorkspace()
  ana = await testAgent(workspace, 'Ana')
})
afterAll(() => workspace.drop())

type Reply = { shortcut: string; body?: string; cannedReplyId?: string }
const save = ({ shortcut, body = 'Hi {{contact.name}}', ...rest }: Reply) =>
  repeatable(workspace.sql, (tx) =>
    saveCannedReply(tx, ana, { shortcut, title: shortcut, body, ...rest }, NOW),
  )
const shortcuts = async () =>
  (await readCannedReplies(workspace.sql, workspace.workspaceId)).map((reply) => reply.shortcut)

test('a canned reply is made, changed and removed, and everybody is told to look', async () => {
  const made = await save({ shortcut: 'hello' })
  await save({ shortcut: 'bye' })
  expect(await shortcuts()).toEqual(['bye', 'hello'])
  await save({ shortcut: 'hola', cannedReplyId: made.id })
  expect(await shortcuts()).toEqual(['bye', 'hola'])
  await repeatable(workspace.sql, (tx) => removeCannedReply(tx, ana, made.id))
  expect(await shortcuts()).toEqual(['bye'])
  const events = await workspace.sql<{ channelId: string | null; type: string }[]>`
    select channel_id, type from events`
  expect(events).toHaveLength(4)
  for (const event of events) expect(event).toEqual({ channelId: null, type: 'cannedReplies.changed' })
})

test('one shortcut means one reply, however it is written', async () => {
  await save({ shortcut: 'Twice' })
  expect(await save({ shortcut: 'tWICE' }).catch((error) => error.reason)).toBe('NAME_TAKEN')
})

test('a place that nothing fills is refused while it is written, not found while it is sent', async () => {
  const refusal = await save({ shortcut: 'wrong', body: 'Hi {{contact.nmae}}' }).catch((error) => error)
  expect(refusal).toMatchObject({ reason: 'INPUT_INVALID', details: { unknown: ['contact.nmae'] } })
})

test('places are filled, and what we do not know is named', () => {
  const body = 'Hi {{contact.first_name}}, {{ agent.name }} here. We call {{contact.phone}}. {{other}}'
  const agent = { name: 'Ana' }
  expect(fillCanned(body, { contact: { name: 'Sheena Nelson', phone: '+1650' }, agent })).toEqual({
    text: 'Hi Sheena, Ana here. We call +1650. {{other}}',
    missing: [],
    gaps: [],
  })
  expect(fillCanned('Hi {{contact.name}}!', { contact: { name: null, phone: null }, agent })).toEqual({
    text: 'Hi !',
    missing: ['contact.name'],
    gaps: [{ place: 'contact.name', at: 3 }],
  })
  const sly = { name: '{{agent.name}} $&', phone: null }
  expect(fillCanned('{{contact.name}}', { contact: sly, agent }).text).toBe('{{agent.name}} $&')
})
