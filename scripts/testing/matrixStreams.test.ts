import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import type { InboxEvent } from '../../server/inbox/event.ts'
import { eventually } from '../../server/testing/eventually.ts'
import type { Following } from './client.ts'
import { VISIBLE } from './matrix/expected.ts'
import { type Asker, makeWorld, ROLES, TARGETS, type Thing, type World } from './matrix/world.ts'
import { type Stack, startStack } from './stack.ts'

/** What is followed, by the same table as `matrix.test.ts`: the feed, presence and locks; and what changes while it is. */
let stack: Stack
let world: World

beforeAll(async () => {
  stack = await startStack({ hasRateLimits: false })
  world = await makeWorld(stack)
}, 60_000)
afterAll(async () => {
  await world.close()
  await stack.stop()
})

const eventsOf = ({ items }: Following) =>
  items.flatMap((item) => (item.type === 'event' ? [item.event] : []))
const conversationOf = (event: InboxEvent): string | null => {
  if ('conversation' in event) return event.conversation.id
  return 'conversationId' in event ? event.conversationId : null
}
const idsIn = (following: Following) =>
  new Set(eventsOf(following).flatMap((event) => conversationOf(event) ?? []))

/** Lets something happen in a conversation: somebody who may reads it and marks it. */
async function happen(thing: Thing): Promise<void> {
  const { trpc } = thing.workspaceId === world.workspaceId ? world.askers.owner : world.otherOwner
  await trpc.conversations.snooze.mutate({ conversationId: thing.conversationId, until: null })
  await trpc.conversations.reopen.mutate({ conversationId: thing.conversationId })
}
const everyThing = (): Thing[] => {
  const things = ROLES.flatMap((role) => Object.values(world.askers[role].things))
  return [...new Map(things.map((thing) => [thing.conversationId, thing])).values()]
}

/** The conversations of the world that an asker may see. */
function seenBy(role: (typeof ROLES)[number]): Set<string> {
  const { things } = world.askers[role]
  const own = VISIBLE[role].map((target) => things[target].conversationId)
  // Whoever sees what is assigned to others sees what is assigned to any of them.
  const ofOthers = VISIBLE[role].includes('theirs')
    ? ROLES.map((one) => world.askers[one].things.mine.conversationId)
    : []
  return new Set([...own, ...ofOthers])
}

async function moved(conversationId: string, assigneeId: string | null): Promise<void> {
  await world.askers.owner.trpc.conversations.assign.mutate({ conversationId, assigneeId })
}
const settled = async (asker: Asker): Promise<Following> => {
  const feed = asker.follow()
  await eventually(() => feed.items.length > 0) // it says where it begins
  return feed
}

describe.each([...ROLES])('as %s', (role) => {
  test('the feed and presence tell of what the role sees, and of nothing else', async () => {
    const asker = world.askers[role]
    const feed = await settled(asker)
    const presence = asker.watch()
    await eventually(() => presence.items.length > 0)
    const tabId = Bun.randomUUIDv7()
    for (const thing of everyThing()) {
      await happen(thing)
      const { trpc } = thing.workspaceId === world.workspaceId ? world.askers.owner : world.otherOwner
      const at = { conversationId: thing.conversationId, tabId }
      const { lock } = await trpc.locks.takeover.mutate(at)
      await trpc.locks.release.mutate({ ...at, fence: lock.fence })
    }
    const expected = seenBy(role)
    const lockedIn = () =>
      new Set(presence.items.flatMap((item) => (item.type === 'lock' ? [item.conversationId] : [])))
    await eventually(() => [...expected].every((id) => idsIn(feed).has(id) && lockedIn().has(id)))
    // What comes last is for everybody: what comes before it has come.
    await world.askers.owner.trpc.labels.save.mutate({ name: Bun.randomUUIDv7(), colour: 'grey' })
    await eventually(() => eventsOf(feed).some((event) => event.type === 'labels.changed'))
    expect([...idsIn(feed)].sort()).toEqual([...expected].sort())
    expect([...lockedIn()].sort()).toEqual([...expected].sort())
    const all = JSON.stringify([feed.items, presence.items])
    for (const target of TARGETS)
      if (!VISIBLE[role].includes(target)) expect(all).not.toContain(asker.things[target].marker)
    feed.stop()
    presence.stop()
  }, 60_000)
})

test('a conversation that is given to somebody else is withdrawn within a second, and comes with all of it when it is given back', async () => {
  const { agent } = world.askers
  const { conversationId } = agent.things.mine
  const feed = await settled(agent)
  await moved(conversationId, agent.things.theirs.assigneeId)
  await eventually(() => eventsOf(feed).some((event) => event.type === 'conversation.withdrawn'), {
    withinMs: 1000,
  })
  expect(eventsOf(feed)).toEqual([{ type: 'conversation.withdrawn', conversationId }])
  await happen({ ...agent.things.mine, assigneeId: null })
  await expect(agent.trpc.conversations.get.query({ conversationId })).rejects.toMatchObject({
    data: { reason: 'NOT_FOUND' },
  })
  await moved(conversationId, agent.id)
  await eventually(() => eventsOf(feed).at(-1)?.type === 'conversation.changed')
  const [, ...since] = eventsOf(feed)
  expect(since).toHaveLength(1)
  expect(since[0]).toMatchObject({ conversation: { id: conversationId, assignee: { id: agent.id } } })
  feed.stop()
})

test('who was away hears that it was taken, and nothing of what was said in it since', async () => {
  const { own: agent } = world.askers
  const { conversationId } = agent.things.mine
  const { cursor } = await agent.trpc.conversations.list.query({ limit: 1 })
  await happen(agent.things.mine)
  await moved(conversationId, world.askers.supervisor.id)
  await happen(agent.things.mine)
  const feed = agent.follow(cursor)
  await eventually(() => eventsOf(feed).length > 0)
  await world.askers.owner.trpc.labels.save.mutate({ name: Bun.randomUUIDv7(), colour: 'grey' })
  await eventually(() => eventsOf(feed).some((event) => event.type === 'labels.changed'))
  expect(eventsOf(feed).filter((event) => conversationOf(event) !== null)).toEqual([
    { type: 'conversation.withdrawn', conversationId },
  ])
  feed.stop()
  await moved(conversationId, agent.id)
})

test('a channel that begins to show conversations only to whoever has them is loaded anew by all others', async () => {
  const { agent, administrator } = world.askers
  const { channelId, conversationId } = agent.things.open
  const feed = await settled(agent)
  await administrator.trpc.channels.update.mutate({ channelId, visibility: 'assigned' })
  const resync = await eventually(() => feed.items.find((item) => item.type === 'resync'), { withinMs: 2000 })
  expect(resync).toMatchObject({ reason: 'access_changed', scope: { channelIds: [channelId] } })
  await expect(agent.trpc.conversations.get.query({ conversationId })).rejects.toMatchObject({
    data: { reason: 'NOT_FOUND' },
  })
  feed.stop()
  // Also for who was not there, and says what they hold.
  const before = await agent.trpc.auth.me.query()
  await administrator.trpc.channels.update.mutate({ channelId, visibility: 'channel' })
  const after = await agent.trpc.auth.me.query()
  expect(after.reachMark).not.toBe(before.reachMark)
  expect(after.channels).toEqual(before.channels)
})

test('an agent who is moved out of a team gets nothing more within a second, and a viewer who becomes nothing gets nothing at all', async () => {
  const { agent, viewer } = world.askers
  const feeds = await Promise.all([settled(agent), settled(viewer)])
  await happen(agent.things.open)
  await eventually(() => feeds.every((feed) => eventsOf(feed).length > 0))
  await world.sql`delete from team_members where agent_id = ${agent.id}`
  await world.sql`update memberships set deactivated_at = now() where agent_id = ${viewer.id}`
  const movedAtMs = performance.now()
  await eventually(() => feeds[0]?.items.some((item) => item.type === 'resync'), { withinMs: 1500 })
  const counts = feeds.map((feed) => eventsOf(feed).length)
  await eventually(() => performance.now() - movedAtMs > 1000)
  await happen(agent.things.open)
  await happen(agent.things.mine)
  await world.askers.owner.trpc.labels.save.mutate({ name: Bun.randomUUIDv7(), colour: 'grey' })
  await eventually(() => feeds[0] && eventsOf(feeds[0]).at(-1)?.type === 'labels.changed')
  expect(feeds.map((feed) => eventsOf(feed).length)).toEqual([(counts[0] ?? 0) + 1, counts[1] ?? 0])
  await expect(viewer.trpc.auth.me.query()).rejects.toMatchObject({ data: { code: 'UNAUTHORIZED' } })
  for (const feed of feeds) feed.stop()
})
