import type { Sql } from '../../../db/client.ts'
import type { InboxState } from '../../../web/src/lib/inbox/apply.ts'
import { type SignedIn, signIn } from '../client.ts'
import { differences, loadInbox } from './loadInbox.ts'
import { eventsSeenBy, flawsOf } from './seenBy.ts'
import { Subscriber, type SubscriberOptions } from './subscriber.ts'

/** An agent of the demo who has loaded the inbox: any number of tabs can follow from there. */
export type Watcher = { email: string; session: SignedIn; inbox: InboxState; cursor: string }

/** Signs in at `url`, and loads. */
export async function watcherOf(url: string, email: string): Promise<Watcher> {
  const session = await signIn(url, email)
  return { email, session, ...(await loadInbox(session.trpc)) }
}

/** Opens one more tab of the agent, which follows from where the agent has loaded. */
export function openTab(
  { session, inbox, cursor }: Watcher,
  at: Pick<SubscriberOptions, 'via' | 'origin' | 'falsify'>,
): Subscriber {
  return new Subscriber({ ...at, cookie: session.cookie, inbox, cursor })
}

/** Compares logs with the database and what `apply` made of them with what is loaded now; each tab's flaws behind its name. */
export async function flawsOfTabs(
  sql: Sql,
  { email, session, cursor }: Watcher,
  tabs: readonly { name: string; tab: Subscriber }[],
): Promise<string[]> {
  const events = await eventsSeenBy(sql, email, cursor)
  const { inbox } = await loadInbox(session.trpc)
  return tabs.flatMap(({ name, tab }) =>
    [...flawsOf(tab.items, events), ...differences(tab, inbox)].map((flaw) => `${name}: ${flaw}`),
  )
}

/** The number of the newest event that the agent may see: whoever has been told of it is through. */
export async function newestFor(sql: Sql, { email, cursor }: Watcher): Promise<number> {
  return (await eventsSeenBy(sql, email, cursor)).at(-1)?.seq ?? Number(cursor)
}
