import type { Ledger } from './ledger.ts'
import type { StoredMessage } from './stored.ts'

type Placed = { position: string; order: number; sentAtMs: number; endedAtMs: number; second: number }

/**
 * Counts messages that stand in the wrong place of their thread. The order is (WhatsApp's second, stream id, index), and this
 * process can tell where it must lead: the second is its own; and of two bodies of the same second, one that was answered
 * before the other was sent has the lower stream id; within a body the index decides. Only bodies that were posted once
 * count, since either copy of a repeated one may be the one that was stored.
 */
export function reorderedIn(ledger: Ledger, messages: ReadonlyMap<string, StoredMessage>): number {
  const threads = new Map<string, Placed[]>()
  let reordered = 0
  for (const { items, tries } of ledger.acked()) {
    const [only] = tries
    items.forEach((item, order) => {
      const message = item.kind === 'message' ? messages.get(item.wamid) : undefined
      if (item.kind !== 'message' || message === undefined) return
      if (Number(message.position.slice(0, 10)) !== item.second) reordered += 1
      if (only === undefined || tries.length > 1) return
      const { sentAtMs, endedAtMs } = only
      const thread = `${message.conversationId} ${item.second}`
      const placed = { position: message.position, order, sentAtMs, endedAtMs, second: item.second }
      threads.set(thread, [...(threads.get(thread) ?? []), placed])
    })
  }
  for (const thread of threads.values()) reordered += misplacedIn(thread)
  return reordered
}

function misplacedIn(thread: Placed[]): number {
  const sorted = thread.toSorted((a, b) => (a.position < b.position ? -1 : 1))
  // Walking back from the end: whatever stands later must not have been answered before this one was sent.
  let earliestEndAfter = Number.POSITIVE_INFINITY
  let misplaced = 0
  for (let at = sorted.length - 1; at >= 0; at--) {
    const one = sorted[at]
    const next = sorted[at + 1]
    if (!one) continue
    const isSameBody = next?.sentAtMs === one.sentAtMs
    if (one.sentAtMs > earliestEndAfter || (isSameBody && next.order < one.order)) misplaced += 1
    earliestEndAfter = Math.min(earliestEndAfter, one.endedAtMs)
  }
  return misplaced
}
