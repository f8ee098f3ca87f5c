import type { MessageSnapshot, ReactionSnapshot } from '../../../../server/inbox/snapshot.ts'
import { isSpoken } from './isSpoken.ts'
import { mergeMessage } from './mergeMessage.ts'
import { type AskedFor, END, isWithin, type Span, spanAt, spanOf, withSpan } from './spans.ts'
import { advanced, isFurther, type Reached } from './status.ts'

/**
 * What a tab holds of a thread. `messages` may hold some that stand in a gap: their event came, and the page that shows them
 * may be on its way, read before it.
 */
export type ThreadState = {
  messages: ReadonlyMap<string, MessageSnapshot>
  reactions: ReadonlyMap<string, ReactionSnapshot>
  /** Statuses of messages that are not here: the page that holds one may be on its way, and older than its status. */
  early: ReadonlyMap<string, Reached>
  /** The customer's messages that arrived long after they were sent, by id: they stand above where one looks for what is new. */
  late: ReadonlyMap<string, string>
  /** What can be shown, in thread order. */
  spans: readonly Span[]
  isLoaded: boolean
}

export type MessagePage = {
  messages: MessageSnapshot[]
  reactions: ReactionSnapshot[]
  hasOlder: boolean
  hasNewer?: boolean
  /** Unread ones that came late; where the newest end was asked for. */
  late?: LateMessage[]
}

export type LateMessage = Pick<MessageSnapshot, 'id' | 'position'>

export const emptyThread: ThreadState = {
  messages: new Map(),
  reactions: new Map(),
  early: new Map(),
  late: new Map(),
  spans: [],
  isLoaded: false,
}

/** `asked`: from where the page goes on, up or down; neither for the newest end, or for a place that was jumped to. */
export function withThreadPage(held: ThreadState, page: MessagePage, asked: AskedFor): ThreadState {
  const messages = new Map(held.messages)
  for (const message of page.messages)
    messages.set(message.id, latest(held, messages.get(message.id), message))
  let thread: ThreadState = { ...held, messages }
  for (const reaction of page.reactions) thread = withReaction(thread, reaction)
  for (const late of page.late ?? []) thread = withLate(thread, late)
  const spans = withSpan(thread.spans, spanOf(page, asked, thread.spans))
  return { ...thread, spans, isLoaded: true }
}

export function withMessage(thread: ThreadState, incoming: MessageSnapshot): ThreadState {
  const held = thread.messages.get(incoming.id)
  const next = latest(thread, held, incoming)
  if (next === held) return thread
  return { ...thread, messages: new Map(thread.messages).set(next.id, next) }
}

/** What is known of a message, its early status included. */
function latest(
  thread: ThreadState,
  held: MessageSnapshot | undefined,
  incoming: MessageSnapshot,
): MessageSnapshot {
  const early = thread.early.get(incoming.id)
  const next = held ? mergeMessage(held, incoming) : incoming
  return early ? advanced(next, early) : next
}

/** One that has just come, by its event. */
export function withArrived(thread: ThreadState, incoming: MessageSnapshot): ThreadState {
  const next = withMessage(thread, incoming)
  return incoming.isLate && incoming.direction === 'in' && isSpoken(incoming)
    ? withLate(next, incoming)
    : next
}

function withLate(thread: ThreadState, { id, position }: LateMessage): ThreadState {
  return thread.late.has(id) ? thread : { ...thread, late: new Map(thread.late).set(id, position) }
}

/** Ids of what came late, without what was seen already; in thread order. */
export function lateIn(thread: ThreadState, seen: ReadonlySet<string>): string[] {
  return [...thread.late]
    .filter(([id]) => !seen.has(id))
    .sort(([, a], [, b]) => (a < b ? -1 : 1))
    .map(([id]) => id)
}

export function withReaction(thread: ThreadState, incoming: ReactionSnapshot | null): ThreadState {
  if (!incoming) return thread
  const key = `${incoming.targetWamid} ${incoming.actor}`
  const held = thread.reactions.get(key)
  if (held && held.position >= incoming.position) return thread
  return { ...thread, reactions: new Map(thread.reactions).set(key, incoming) }
}

export function withStatus(thread: ThreadState, messageId: string, reached: Reached): ThreadState {
  const held = thread.messages.get(messageId)
  if (held) {
    const next = advanced(held, reached)
    return next === held ? thread : { ...thread, messages: new Map(thread.messages).set(messageId, next) }
  }
  const early = thread.early.get(messageId)
  if (early && !isFurther(reached, early)) return thread
  const { status, attempt, error = null, wamid = null, retryAt = null, decideAt = null } = reached
  const next = { status, attempt, error, wamid, retryAt, decideAt }
  return { ...thread, early: new Map(thread.early).set(messageId, next) }
}

/** Without messages that were removed, and what was said of them. */
export function withoutMessages(thread: ThreadState, ids: readonly string[]): ThreadState {
  const gone = new Set(ids)
  const removed = [...thread.messages.values()].filter(({ id }) => gone.has(id))
  const wamids = new Set(removed.map(({ wamid }) => wamid))
  const without = <Held>(held: ReadonlyMap<string, Held>) =>
    new Map([...held].filter(([id]) => !gone.has(id)))
  return {
    ...thread,
    messages: without(thread.messages),
    early: without(thread.early),
    late: without(thread.late),
    reactions: new Map([...thread.reactions].filter(([, { targetWamid }]) => !wamids.has(targetWamid))),
  }
}

/** The span that is shown where the reader is; the newest end where nothing is held of that place. */
export function shownSpan(thread: ThreadState, at: string): Span | undefined {
  return spanAt(thread.spans, at) ?? spanAt(thread.spans, END)
}

/** The messages of a span, in thread order. What stands in a gap waits for its page. */
export function messagesIn(thread: ThreadState, span: Span | undefined): MessageSnapshot[] {
  if (!span) return []
  return [...thread.messages.values()]
    .filter(({ position }) => isWithin(span, position))
    .sort((a, b) => (a.position < b.position ? -1 : 1))
}
