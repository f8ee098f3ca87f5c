import { afterAll, beforeAll, expect, test } from 'bun:test'
import { testAgent } from '../testing/testPeople.ts'
import { type TestWorkspace, testWorkspace } from '../testing/testWorkspace.ts'
import { createSignInBook, MOST_FAILURES_TOLD, type SignInBook } from './signInBook.ts'

let workspace: TestWorkspace
let book: SignInBook
const visitor = { address: '203.0.113.9', userAgent: null }

beforeAll(async () => {
  workspace = await testWorkspace()
  book = createSignInBook({ sql: workspace.sql, isDemo: false })
})
afterAll(() => workspace.drop())

const linesAbout = async (agentId: string) => {
  const lines = await workspace.sql`
    select action from audit_entries where details->>'agentId' = ${agentId} or actor_id = ${agentId}`
  return lines.map(({ action }) => action)
}

test('guessing from many addresses does not fill the log, and hides neither another account nor a sign-in', async () => {
  const [guessed, other] = [await testAgent(workspace, 'Ben'), await testAgent(workspace, 'Dan')]
  const tries = Array.from({ length: MOST_FAILURES_TOLD + 20 }, () =>
    book.failed(guessed.id, 'wrong_password', visitor),
  )
  await Promise.all(tries)
  expect(await linesAbout(guessed.id)).toHaveLength(MOST_FAILURES_TOLD)
  await book.failed(other.id, 'wrong_password', visitor)
  expect(await linesAbout(other.id)).toEqual(['sign_in.failed'])
  await book.entered(guessed.id, 'password', visitor)
  expect((await linesAbout(guessed.id)).filter((action) => action === 'sign_in.done')).toHaveLength(1)
})

test('of somebody who works nowhere nothing is written, and they are let in nowhere', async () => {
  const nobody = Bun.randomUUIDv7()
  await book.failed(nobody, 'wrong_password', visitor)
  expect(await linesAbout(nobody)).toEqual([])
  expect(await book.refusalOf(nobody)).toBe('deactivated')
  expect(await book.refusalOf(workspace.agentId)).toBeNull()
})
