import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { Agent } from './agent.ts'
import { messagesById } from './readMessages.ts'
import { Refusal } from './refusal.ts'
import type { AgentName, MessageSnapshot } from './snapshot.ts'

/** How a writer stands with the reply lock of the conversation. */
export type Baton =
  /** They hold it, with this fence. */
  | { fence: number }
  /** Somebody else does. */
  | { heldBy: AgentName; expiresAt: string }
  /**
   * They do not. Nobody else did either, when it was looked at `performance.now()`; null when it could not be looked at because
   * Redis, which alone knows for how long a lock lives, is away.
   */
  | { nobodyElseAtMs: number | null }

/** What a verb that answers a customer asks to be checked: by `messages.send`, and by what sends again. */
export type BatonRequest = {
  agent: Pick<Agent, 'id'>
  conversationId: string
  baton?: Baton | undefined
  /** The newest `seq` of the feed that the agent had seen; without one nothing is guarded. */
  seenSeq?: string | null | undefined
}

/** A lock claimed this recently is taken for held when Redis can not be asked: as long as a lock lives. */
const HELD_FOR_MS = 30_000
/** Who missed more than this has to open the thread anyway. */
const MOST_MISSED = 20
/** Between the look and the check a lock may be claimed. Wide, because it costs nothing: claims that recent are rare. */
const LOOK_MARGIN_MS = 1000

/**
 * Whether each of these may be written as far as the reply lock and the send guard go; null for yes. Under the locks of the
 * conversations, and takes those of `conversation_locks` (in the same order, shared): a fence that is current here stays so
 * until commit, and a colleague's answer that was not seen here comes after ours.
 */
export async function checkBatons(
  tx: Transaction,
  requests: readonly BatonRequest[],
): Promise<(Refusal | null)[]> {
  const [locks, missed] = await Promise.all([currentLocks(tx, requests), missedReplies(tx, requests)])
  return requests.map((request, index) => {
    const refused = lockRefusal(request, locks.get(request.conversationId))
    if (refused) return refused
    const unseen = missed.get(index)
    return unseen ? colleagueReplied(unseen.messages, unseen.seq) : null
  })
}

type CurrentLock = { conversationId: string; fence: number; holder: AgentName | null; ageMs: number }

/** The rows exist from the first lock on; sorted, so that transactions wait for each other instead of deadlocking. */
async function currentLocks(
  tx: Transaction,
  requests: readonly BatonRequest[],
): Promise<Map<string, CurrentLock>> {
  const ids = [...new Set(requests.map((request) => request.conversationId))]
  const rows = await tx<CurrentLock[]>`
    select l.conversation_id, l.fence::float8 as fence,
           case when a.id is null then null else json_build_object('id', a.id, 'name', a.name) end as holder,
           extract(epoch from clock_timestamp() - l.claimed_at)::float8 * 1000 as age_ms
    from conversation_locks l left join agents a on a.id = l.holder_id
    where l.conversation_id = any(${ids}::uuid[])
    order by l.conversation_id
    for share of l`
  return new Map(rows.map((row) => [row.conversationId, row]))
}

/** Pure: why a writer may not write, as far as Postgres knows. Who holds the lock now, Redis knows better. */
function lockRefusal({ agent, baton }: BatonRequest, lock: CurrentLock | undefined): Refusal | null {
  const holder = lock?.holder?.id === agent.id ? null : (lock?.holder ?? null)
  if (baton && 'fence' in baton) {
    const isCurrent = lock?.fence === baton.fence && lock.holder?.id === agent.id
    return isCurrent ? null : lockLost(holder, null)
  }
  if (baton && 'heldBy' in baton) return locked(baton.heldBy, baton.expiresAt)
  if (!lock || holder === null) return null
  const lookedAtMs = baton?.nobodyElseAtMs ?? null
  const sinceMs = lookedAtMs === null ? HELD_FOR_MS : performance.now() - lookedAtMs + LOOK_MARGIN_MS
  return lock.ageMs < sinceMs ? locked(holder, null) : null
}

/** What colleagues said, and the newest event of it. */
type Missed = { messages: MessageSnapshot[]; seq: string }

/** By index of the request: what colleagues said there after the last event that the agent had seen. */
async function missedReplies(
  tx: Transaction,
  requests: readonly BatonRequest[],
): Promise<Map<number, Missed>> {
  const rows = requests.flatMap(({ agent, conversationId, seenSeq }, index) =>
    seenSeq ? [{ index, conversationId, agentId: agent.id, seenSeq }] : [],
  )
  if (rows.length === 0) return new Map()
  const found = await tx<{ index: number; messageIds: string[]; seq: string }[]>`
    select r.index, array_agg(distinct reply.message_id) as message_ids, max(reply.seq)::text as seq
    from ${unnest(tx, rows, { index: 'integer', conversationId: 'uuid', agentId: 'uuid', seenSeq: 'bigint' })}
    cross join lateral (
      select e.payload -> 'message' ->> 'id' as message_id, e.seq
      from events e
      where e.conversation_id = r."conversationId" and e.seq > r."seenSeq"
        and e.author_id is not null and e.author_id <> r."agentId"
      order by e.seq desc limit ${MOST_MISSED}
    ) reply
    where reply.message_id is not null
    group by r.index`
  if (found.length === 0) return new Map()
  const messages = await messagesById(tx, [...new Set(found.flatMap((row) => row.messageIds))])
  return new Map(
    found.map(({ index, messageIds, seq }) => [
      index,
      { messages: messages.filter((message) => messageIds.includes(message.id)), seq },
    ]),
  )
}

/** Somebody else holds the lock. `expiresAt`: when it ends, if that is known. */
export function locked(holder: AgentName, expiresAt: string | null): Refusal {
  const sentence = `${holder.name} is answering this conversation. Take over to answer it yourself.`
  return new Refusal('LOCKED', sentence, { holder, expiresAt })
}

/** The lock is not theirs any more. `holder`: who has it instead; null when nobody does, as far as is known. */
export function lockLost(holder: AgentName | null, expiresAt: string | null): Refusal {
  const sentence = holder
    ? `${holder.name} is answering this conversation now. Your text is kept here.`
    : 'Your reply lock has ended. Your text is kept here.'
  return new Refusal('LOCK_LOST', sentence, { holder, expiresAt })
}

/**
 * Colleagues answered meanwhile: the agent reads that, and decides. `seq`: up to where that goes, to be sent as `seenSeq` by who
 * sends anyway, for the feed may not have brought it yet; null when it has no number yet.
 */
export function colleagueReplied(messages: readonly MessageSnapshot[], seq: string | null): Refusal {
  const names = [...new Set(messages.map((message) => message.agent?.name ?? 'A colleague'))].join(' and ')
  const did = messages.every((message) => message.direction === 'note') ? 'left a note' : 'answered'
  const sentence = `${names} ${did} while you were writing. Read it first; send again if yours still fits.`
  return new Refusal('COLLEAGUE_REPLIED', sentence, { messages, seq })
}
