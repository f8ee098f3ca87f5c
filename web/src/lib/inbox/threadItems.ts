import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import { isSpoken } from './isSpoken.ts'
import { END, type Span, START } from './spans.ts'
import { messagesIn, type ThreadState } from './threadState.ts'
import { isSameDay } from './time.ts'
import type { TrailLine } from './trailItems.ts'

/** What stands in a thread, from top to bottom. */
export type ThreadItem =
  | { kind: 'day'; key: string; iso: string }
  | { kind: 'new'; key: string }
  /** What colleagues did: see `withTrail`. */
  | { kind: 'trail'; key: string; line: TrailLine }
  | { kind: 'notice'; key: string; message: MessageSnapshot }
  | {
      kind: 'bubble'
      key: string
      message: MessageSnapshot
      startsGroup: boolean
      quoted: MessageSnapshot | null
      reactions: Chip[]
      /** With which the business reacted. */
      ours: string | null
    }

/** One emoji under a bubble, and who chose it: `business`, or the contact as `contact:<id>`. */
export type Chip = { emoji: string; actors: string[] }

/** The business has one reaction to each message, whoever of its agents gave it. */
const OURSELVES = 'business'

const GROUP_MS = 2 * 60 * 1000

/**
 * What stands in a span. `waiting`: bubbles of what has not reached the server, drawn at the end of the thread. One that is in
 * the thread already is left out: the event of a message may come before the answer to its sender.
 */
export function threadItems(
  thread: ThreadState,
  span: Span,
  waiting: readonly MessageSnapshot[],
  newFrom: string | null,
): ThreadItem[] {
  const messages = messagesIn(thread, span)
  const arrived = new Set([...thread.messages.values()].map((message) => message.clientMessageId))
  const shown = new Set(messages.map((message) => message.wamid))
  const byWamid = new Map([...thread.messages.values()].map((message) => [message.wamid, message]))
  const chips = chipsByTarget(thread)
  const unsent = span.to === END ? waiting.filter((one) => !arrived.has(one.clientMessageId)) : []
  const all = [...messages, ...unsent]
  const items: ThreadItem[] = []
  let previous: MessageSnapshot | null = null
  for (const message of all) {
    if (message === all[0] && isUndecided(message, all, span, newFrom)) {
      previous = message
      continue
    }
    if (message.type === 'reaction' && message.targetWamid !== null && shown.has(message.targetWamid))
      continue
    const isNewDay = previous === null || !isSameDay(previous.sentAt, message.sentAt)
    if (isNewDay)
      items.push({
        kind: 'day',
        key: `day ${message.sentAt.slice(0, 10)} ${keyOf(message)}`,
        iso: message.sentAt,
      })
    const isFirstNew = newFrom === message.position
    if (isFirstNew) items.push({ kind: 'new', key: 'new' })
    const breaks = isNewDay || isFirstNew || previous === null || !areTogether(previous, message)
    items.push(
      item(
        message,
        breaks,
        byWamid.get(message.context?.quotedWamid ?? '') ?? null,
        chips.get(message.wamid) ?? [],
        thread.reactions.get(`${message.wamid} ${OURSELVES}`)?.emoji ?? null,
      ),
    )
    previous = message
  }
  return items
}

/**
 * The uppermost of what is held: whether it begins a group or a day is known when what stands above it has come. It is drawn
 * then, so that it does not change its look, and its height, before the eyes of a reader.
 */
function isUndecided(
  message: MessageSnapshot,
  all: readonly MessageSnapshot[],
  { from }: Span,
  newFrom: string | null,
): boolean {
  return from !== START && all.length > 1 && message.position !== newFrom
}

/** What the customer said of these, oldest first. */
export function incomingOf(messages: readonly MessageSnapshot[]): MessageSnapshot[] {
  return messages.filter((message) => message.direction === 'in' && isSpoken(message))
}

/** Where the last `unread` messages of the customer begin, as far as they are here; null when there are none. */
export function firstUnread(messages: readonly MessageSnapshot[], unread: number): string | null {
  if (unread === 0) return null
  const incoming = incomingOf(messages)
  return incoming.at(-Math.min(unread, incoming.length))?.position ?? null
}

function item(
  message: MessageSnapshot,
  startsGroup: boolean,
  quoted: MessageSnapshot | null,
  reactions: Chip[],
  ours: string | null,
): ThreadItem {
  const key = keyOf(message)
  if (isNotice(message)) return { kind: 'notice', key, message }
  return { kind: 'bubble', key, message, startsGroup, quoted, reactions, ours }
}

/** A sent message keeps the key that its bubble had while it waited, so the bubble stays where it is and only its ticks change. */
const keyOf = (message: MessageSnapshot) => message.clientMessageId ?? message.id

function areTogether(a: MessageSnapshot, b: MessageSnapshot): boolean {
  return (
    !isNotice(a) &&
    authorOf(a) === authorOf(b) &&
    new Date(b.sentAt).getTime() - new Date(a.sentAt).getTime() < GROUP_MS
  )
}

const authorOf = ({ direction, agent, authorName }: MessageSnapshot) =>
  `${direction} ${agent?.id ?? authorName ?? ''}`

function chipsByTarget(thread: ThreadState): Map<string | null, Chip[]> {
  const byTarget = new Map<string | null, Chip[]>()
  for (const { targetWamid, emoji, actor } of thread.reactions.values()) {
    if (emoji === null) continue
    const chips = byTarget.get(targetWamid) ?? []
    const same = chips.find((chip) => chip.emoji === emoji)
    if (same) same.actors.push(actor)
    else chips.push({ emoji, actors: [actor] })
    byTarget.set(targetWamid, chips)
  }
  return byTarget
}

const isNotice = (message: MessageSnapshot) => message.content.kind === 'system' || !isSpoken(message)
