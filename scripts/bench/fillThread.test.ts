import { afterAll, beforeAll, expect, test } from 'bun:test'
import { messagePage } from '../../server/inbox/messagePage.ts'
import { testConversation } from '../../server/testing/testPeople.ts'
import { type TestWorkspace, testWorkspace } from '../../server/testing/testWorkspace.ts'
import { fillThread, wamidOf } from './fillThread.ts'

let workspace: TestWorkspace
beforeAll(async () => {
  workspace = await testWorkspace()
})
afterAll(() => workspace.drop())

test('a filled thread has so many messages, in order, and reads as any other', async () => {
  const conversationId = await testConversation(workspace)
  await fillThread(workspace.sql, { conversationId, count: 3_000 })
  const newest = await messagePage(workspace.sql, conversationId, { limit: 60 })
  expect(newest.messages).toHaveLength(60)
  expect(newest.messages.at(-1)?.wamid).toBe(wamidOf(conversationId, 3_000))
  expect(new Set(newest.messages.map((message) => message.type)).size).toBeGreaterThan(4)
  const around = wamidOf(conversationId, 2_000)
  const page = await messagePage(workspace.sql, conversationId, { around, limit: 60 })
  expect(page.messages.find(({ id }) => id === page.anchorId)?.wamid).toBe(around)
  expect(page.newerCount).toBeGreaterThan(900)
})
