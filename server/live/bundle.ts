import type { FeedItem } from '../inbox/event.ts'

const bundles = new WeakMap<object, readonly FeedItem[]>()

/**
 * Several items of the feed as one, which stands for all of them: tRPC takes as long for each item as the network for many. Only a
 * socket unpacks it again, when it makes its frames (`server/ws/encode.ts`); the client sees one item after the other.
 */
export function bundleOf(items: readonly FeedItem[]): FeedItem | null {
  const last = items.at(-1)
  if (last === undefined || items.length === 1) return last ?? null
  const bundle = { ...last } // the items themselves are shared by all subscribers
  bundles.set(bundle, items)
  return bundle
}

/** What a bundle stands for; null for what is none. */
export function bundledItems(item: object): readonly FeedItem[] | null {
  return bundles.get(item) ?? null
}
