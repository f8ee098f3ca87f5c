import { afterAll, beforeAll, expect, test } from 'bun:test'
import { eventually } from '../../server/testing/eventually.ts'
import { type SignedIn, signIn } from './client.ts'
import { type Stack, startStack } from './stack.ts'

let stack: Stack
let carla: SignedIn
const PASSWORD = 'a password of her own'

beforeAll(async () => {
  stack = await startStack()
  carla = await signIn(stack.url, 'carla@demo.baton')
}, 60_000)
afterAll(async () => {
  await carla.close()
  await stack.stop()
})

const publicTrpc = async (path: string, input: object, method: 'GET' | 'POST') => {
  const headers = { 'content-type': 'application/json', origin: stack.url }
  const response =
    method === 'POST'
      ? await fetch(`${stack.url}/trpc/${path}`, { method, headers, body: JSON.stringify(input) })
      : await fetch(`${stack.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
          headers,
        })
  return JSON.stringify(await response.json())
}

/** Somebody who was invited, has set a password and signed in. */
async function newcomer(email: string): Promise<SignedIn> {
  const { teams } = await carla.trpc.people.list.query()
  const support = teams.find((team) => team.name === 'Support')?.id ?? ''
  const wish = { email, role: { role: 'agent' as const }, teamIds: [support] }
  const { token } = await carla.trpc.people.invite.mutate(wish)
  expect(await publicTrpc('people.invitation', { token }, 'GET')).toContain(email)
  const accepting = { token, name: 'Nina', password: PASSWORD }
  expect(await publicTrpc('people.acceptInvite', accepting, 'POST')).toContain(email)
  expect(await publicTrpc('people.acceptInvite', accepting, 'POST')).toContain('NOT_FOUND')
  return signIn(stack.url, email, PASSWORD)
}
const idOf = async (email: string) =>
  (await carla.trpc.people.members.query()).members.find((one) => one.email === email)?.id ?? ''

test('who was invited sets a password, signs in and sees the channel of their team', async () => {
  const nina = await newcomer('nina@example.com')
  const me = await nina.trpc.auth.me.query()
  expect(me).toMatchObject({ agent: { name: 'Nina', role: 'agent' }, channels: [{ name: 'Support' }] })
  expect([me.may['conversations.reply'], me.may['people.manage']]).toEqual([true, false])
  await nina.close()
})

test('who is removed is out within a second: their calls and their feed', async () => {
  const otto = await newcomer('otto@example.com')
  const feed = otto.follow()
  await eventually(() => feed.items.length > 0)
  const { conversations } = await carla.trpc.conversations.list.query({ limit: 1 })
  const conversationId = conversations[0]?.id ?? ''
  const agentId = await idOf('otto@example.com')
  await carla.trpc.conversations.assign.mutate({ conversationId, assigneeId: agentId })
  await eventually(() => feed.items.some((item) => item.type === 'event'))
  expect(await carla.trpc.people.remove.mutate({ agentId })).toEqual({ returned: 1 })
  expect((await carla.trpc.conversations.get.query({ conversationId })).assignee).toBeNull()
  await expect(otto.trpc.auth.me.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  const removedAtMs = performance.now()
  await eventually(() => performance.now() - removedAtMs > 1000)
  const told = feed.items.length
  await carla.trpc.conversations.resolve.mutate({ conversationId })
  const witness = carla.follow()
  await eventually(() => witness.items.length > 0)
  expect(feed.items.length).toBe(told)
  witness.stop()
  feed.stop()
  await otto.close()
})

test('everything that was done is in the audit log, and in the file of it', async () => {
  const { entries, actions } = await carla.trpc.audit.list.query({ actions: ['person.', 'invite.'] })
  expect(entries.map((entry) => entry.action)).toEqual([
    'person.removed',
    'invite.accepted',
    'person.invited',
    'invite.accepted',
    'person.invited',
  ])
  expect(actions).toContain('person.removed')
  const file = await carla.trpc.audit.export.mutate({ format: 'csv', actions: ['person.'] })
  expect(file.text.split('\r\n')).toHaveLength(3 + 1 + 1)
  expect((await carla.trpc.audit.list.query({ limit: 1 })).entries[0]).toMatchObject({
    action: 'audit.exported',
    actor: { name: 'Carla' },
  })
})
