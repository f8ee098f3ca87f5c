import {
  apply,
  emptyInbox,
  type InboxState,
  withOpened,
  withPage,
  withRows,
} from '../../../web/src/lib/inbox/apply.ts'
import type { SignedIn } from '../client.ts'
import type { Subscriber } from './subscriber.ts'

/** More than there are: nothing is closed again. */
const THREADS = 1000

/** What a tab holds that has just loaded every conversation and opened every thread, and the cursor of that. */
export async function loadInbox(trpc: SignedIn['trpc']): Promise<{ inbox: InboxState; cursor: string }> {
  const me = await trpc.auth.me.query()
  const { conversations, counts, cursor } = await trpc.conversations.list.query({ limit: 100 })
  let inbox = withRows(emptyInbox(me.agent.id), conversations, counts)
  for (const { id } of conversations) {
    inbox = withOpened(inbox, id, THREADS)
    for (let before: string | undefined, isMore = true; isMore; ) {
      const page = await trpc.messages.list.query({ conversationId: id, limit: 200, before })
      inbox = withPage(inbox, id, page, { before })
      before = page.messages[0]?.position
      isMore = page.hasOlder && before !== undefined
    }
  }
  return { inbox, cursor }
}

/** What differs between what a tab made of the feed and what is loaded now, in words; empty when nothing does. */
export function differences(tab: Subscriber, now: InboxState): string[] {
  const told = tab.items.flatMap((item) => (item.type === 'event' ? [item.event] : []))
  // Delivery is at least once: all of it a second time changes nothing.
  const again = told.reduce(apply, tab.inbox)
  const flaws: string[] = []
  for (const [what, held] of [
    ['the inbox', tab.inbox],
    ['the inbox that was told everything twice', again],
  ] as const) {
    for (const part of PARTS) {
      if (!Bun.deepEquals(part(held), part(now))) flaws.push(`${what}: ${part.name} differ`)
    }
  }
  return flaws
}

const byId = <Item extends { id: string }>(items: Iterable<Item>) =>
  [...items].toSorted((a, b) => a.id.localeCompare(b.id))

const conversations = (inbox: InboxState) => byId(inbox.conversations.values())
const messages = (inbox: InboxState) =>
  byId([...inbox.threads.values()].flatMap((thread) => [...thread.messages.values()]))
const reactions = (inbox: InboxState) =>
  [...inbox.threads.values()]
    .flatMap((thread) => [...thread.reactions.values()].map((one) => JSON.stringify(one)))
    .toSorted()
const counts = (inbox: InboxState) => inbox.counts

const PARTS = [conversations, messages, reactions, counts]
