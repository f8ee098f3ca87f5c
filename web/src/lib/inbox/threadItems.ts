import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { ThreadState } from './apply.ts'
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

/** One emoji under a bubble, and how many people chose it. */
export type Chip = { emoji: string; count: number }

/** Items that are drawn, or left out when far from view, together. */
export type Chunk = { key: string; items: ThreadItem[] }

/** Kinds that are about another message and say nothing themselves: its chip, its new words, its end. */
const ABOUT_ANOTHER: ReadonlySet<string> = new Set(['reaction', 'edit', 'revoke'])

/** The business has one reaction to each message, whoever of its agents gave it. */
const OURSELVES = 'business'

const GROUP_MS = 2 * 60 * 1000
const CHUNK_SIZE = 40

/** The messages of a thread in order; what stands above the loaded pages waits for its page. */
export function messagesOf(thread: ThreadState): MessageSnapshot[] {
  const floor = thread.hasOlder ? (thread.pageStarts[0] ?? '') : ''
  return [...thread.messages.values()]
    .filter((message) => message.position >= floor)
    .sort((a, b) => (a.position < b.position ? -1 : 1))
}

/**
 * `waiting`: bubbles of what has not reached the server, drawn last. One that is in the thread already is left out: the event
 * of a message may come before the answer to its sender.
 */
export function threadItems(
  thread: ThreadState,
  waiting: readonly MessageSnapshot[],
  newFrom: string | null,
): ThreadItem[] {
  const messages = messagesOf(thread)
  const arrived = new Set(messages.map((message) => message.clientMessageId))
  const byWamid = new Map(messages.map((message) => [message.wamid, message]))
  const chips = chipsByTarget(thread)
  const all = [...messages, ...waiting.filter((message) => !arrived.has(message.clientMessageId))]
  const items: ThreadItem[] = []
  let previous: MessageSnapshot | null = null
  for (const message of all) {
    if (message.type === 'reaction' && message.targetWamid !== null && byWamid.has(message.targetWamid))
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

/** In chunks that keep their borders when older pages come above and new messages below. */
export function chunksOf(items: readonly ThreadItem[], pageStarts: readonly string[]): Chunk[] {
  const starts = new Set(pageStarts)
  const chunks: Chunk[] = []
  let current: Chunk | null = null
  let lead: ThreadItem[] = []
  let size = 0
  for (const item of items) {
    if (item.kind === 'day' || item.kind === 'new' || (item.kind === 'trail' && !current)) {
      lead.push(item)
      continue
    }
    if (item.kind === 'trail') {
      current?.items.push(item)
      continue
    }
    if (!current || starts.has(item.message.position) || size >= CHUNK_SIZE) {
      current = { key: item.key, items: [] }
      size = 0
      chunks.push(current)
    }
    current.items.push(...lead, item)
    size += 1
    lead = []
  }
  return chunks
}

/** What the customer said, oldest first. */
export function incomingOf(thread: ThreadState): MessageSnapshot[] {
  return messagesOf(thread).filter((message) => message.direction === 'in' && isSpoken(message))
}

/** Where the last `unread` messages of the customer begin; null when there are none, or they reach above what is loaded. */
export function firstUnread(thread: ThreadState, unread: number): string | null {
  if (unread === 0) return null
  const incoming = incomingOf(thread)
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
  for (const { targetWamid, emoji } of thread.reactions.values()) {
    if (emoji === null) continue
    const chips = byTarget.get(targetWamid) ?? []
    const same = chips.find((chip) => chip.emoji === emoji)
    if (same) same.count += 1
    else chips.push({ emoji, count: 1 })
    byTarget.set(targetWamid, chips)
  }
  return byTarget
}

const isSpoken = (message: MessageSnapshot) => !ABOUT_ANOTHER.has(message.content.kind)
const isNotice = (message: MessageSnapshot) => message.content.kind === 'system' || !isSpoken(message)
