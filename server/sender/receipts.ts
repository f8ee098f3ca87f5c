import type { Sql } from '../../db/client.ts'
import { type NewestInbound, newestInbound } from '../inbox/newestInbound.ts'
import { waitFor } from '../live/wait.ts'
import type { Log } from '../log.ts'
import type { MarkRead } from '../whatsapp/graphReceipts.ts'

/** Blue ticks and the typing bubble, for customers. Nothing here is waited for, and nothing is lost when it fails. */
export type Receipts = {
  /** An agent has opened the conversation. */
  opened(conversationId: string): void
  /** An agent has answered. */
  answered(conversationId: string): void
  /**
   * An agent is typing. WhatsApp shows that only together with blue ticks, so it is shown when the customer has those, or
   * gets them by the channel's setting anyway.
   */
  showTyping(conversationId: string): void
  /** Waits for what is under way, briefly. */
  close(): Promise<void>
}

export type ReceiptsParts = { sql: Sql; markRead: MarkRead; log: Log; now(): Date; retryWaitsMs?: number[] }

/** The bubble stays for 25 seconds: shown again when it is about to go. */
const TYPING_EVERY_MS = 20_000
const RETRY_WAITS_MS = [1000, 5000]
const MOST_REMEMBERED = 5000

type Occasion = 'opened' | 'answered' | 'typing'

/**
 * Whether the customer gets blue ticks on this occasion. `never` is how a team looks at messages without saying so; the unread
 * count of the inbox goes down in any case.
 */
const TICKS: Record<NewestInbound['readReceipts'], Record<Occasion, boolean>> = {
  when_opened: { opened: true, answered: true, typing: true },
  when_answered: { opened: false, answered: true, typing: false },
  never: { opened: false, answered: false, typing: false },
}

/** Each process remembers what it has told; that two of them tell the same does no harm. */
export function createReceipts({ sql, markRead, log, now, retryWaitsMs }: ReceiptsParts): Receipts {
  const leaving = new AbortController()
  const underWay = new Set<Promise<void>>()
  const marked = new Map<string, string>()
  const typedAt = new Map<string, number>()

  const mark = async (conversationId: string, occasion: Occasion): Promise<void> => {
    const newest = await newestInbound(sql, conversationId, now())
    if (newest === null) return
    const { wamid, phoneNumberId, readReceipts } = newest
    const isTyping = occasion === 'typing'
    const isMarked = marked.get(conversationId) === wamid
    if (isTyping ? !TICKS[readReceipts].typing && !isMarked : !TICKS[readReceipts][occasion] || isMarked)
      return
    remember(marked, conversationId, wamid)
    // A bubble that comes late is worse than none.
    const waits = isTyping ? [] : (retryWaitsMs ?? RETRY_WAITS_MS)
    for (const waitMs of [...waits, null]) {
      const outcome = await markRead({ phoneNumberId, wamid, isTyping }, leaving.signal)
      if ('marked' in outcome) return
      if ('refused' in outcome)
        return log.info({ conversationId, code: outcome.refused.code }, 'read mark refused')
      if (waitMs === null || leaving.signal.aborted) break
      await waitFor(waitMs, leaving.signal)
    }
    if (!isMarked && marked.get(conversationId) === wamid) marked.delete(conversationId)
    log.info({ conversationId, occasion }, 'the customer was not told that their message was read')
  }

  const run = (conversationId: string, occasion: Occasion) => {
    if (leaving.signal.aborted) return
    const work = mark(conversationId, occasion)
      .catch((err) => log.warn({ err, conversationId }, 'a read mark failed'))
      .finally(() => underWay.delete(work))
    underWay.add(work)
  }

  return {
    opened: (conversationId) => run(conversationId, 'opened'),
    answered: (conversationId) => run(conversationId, 'answered'),
    showTyping: (conversationId) => {
      const atMs = now().getTime()
      if (atMs - (typedAt.get(conversationId) ?? 0) < TYPING_EVERY_MS) return
      remember(typedAt, conversationId, atMs)
      run(conversationId, 'typing')
    },
    close: async () => {
      leaving.abort()
      await Promise.all(underWay)
    },
  }
}

/** A map that forgets its oldest entry rather than grow for ever. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > MOST_REMEMBERED) for (const oldest of map.keys()) return void map.delete(oldest)
}
