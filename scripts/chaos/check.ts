import { isAttemptStatus, STATUS_RANK } from '../../server/inbox/statusLadder.ts'
import type { Ledger } from './ledger.ts'
import { reorderedIn } from './order.ts'
import type { Rig } from './rig.ts'
import { readStored, type Stored } from './stored.ts'

/** What the checker found after quiet. */
export type Verdict = {
  /** Items that were answered with 200 and are nowhere. */
  lost: number
  /** Rows and events beyond the one that each message may have. */
  doubled: number
  reordered: number
  /** Other promises that were broken, in words. */
  problems: string[]
}

/** Compares what was answered with what is stored, and what is stored with what the subscriber was told. */
export async function check(rig: Rig, ledger: Ledger): Promise<Verdict> {
  const stored = await readStored(rig.sql, rig.startSeq)
  return {
    lost: lostIn(ledger, stored),
    doubled: stored.extraMessages + stored.extraEvents,
    reordered: reorderedIn(ledger, stored.messages),
    problems: [
      ...statusFlaws(ledger, stored),
      ...eventFlaws(stored, rig.startSeq),
      ...answerFlaws(ledger, stored),
      ...(rig.follower?.flawsAgainst(stored.events) ?? []),
    ],
  }
}

/** I1: what was acked is stored, item by item. */
function lostIn(ledger: Ledger, stored: Stored): number {
  const lost = new Set<string>()
  for (const { items } of ledger.acked()) {
    for (const item of items) {
      if (item.kind === 'message' && !stored.messages.has(item.wamid)) lost.add(item.wamid)
      if (item.kind === 'status' && !stored.statuses.has(`${item.wamid} ${item.status}`))
        lost.add(`${item.wamid} ${item.status}`)
      if (item.kind === 'bad' && !stored.deadMarks.has(item.mark)) lost.add(item.mark)
    }
  }
  return lost.size
}

/** I4: the status is the highest rank that was stored for the message. */
function statusFlaws(ledger: Ledger, stored: Stored): string[] {
  const highest = new Map<string, number>()
  for (const { items } of ledger.acked()) {
    for (const item of items) {
      if (item.kind !== 'status' || !isAttemptStatus(item.status)) continue
      highest.set(item.wamid, Math.max(highest.get(item.wamid) ?? 0, STATUS_RANK[item.status]))
    }
  }
  let flaws = 0
  for (const [wamid, rank] of highest) {
    const status = stored.messages.get(wamid)?.status
    if (status !== undefined && isAttemptStatus(status) && STATUS_RANK[status] < rank) flaws += 1
  }
  return flaws > 0 ? [`${flaws} messages do not show the highest status that was answered with 200`] : []
}

/** I3: the numbers of the log have no gap, and every message that came has its event. */
function eventFlaws({ events, lastSeq, messages, addedEvents }: Stored, startSeq: number): string[] {
  const flaws: string[] = []
  const isWhole = events.every(({ seq }, at) => seq === startSeq + at + 1)
  if (!isWhole || lastSeq !== startSeq + events.length)
    flaws.push(`the event log has gaps: ${events.length} events, numbers to ${lastSeq}`)
  const silent = [...messages.values()].filter(({ id }) => !addedEvents.has(id)).length
  if (silent > 0) flaws.push(`${silent} messages were stored without an event`)
  return flaws
}

/** I9: nothing but 200 is an ack, nothing forged is taken, and every other answer is one that makes Meta repeat. */
function answerFlaws(ledger: Ledger, stored: Stored): string[] {
  const flaws: string[] = []
  for (const [answer, count] of ledger.tally()) {
    const isAllowed = answer === 'broken' || answer === 200 || answer >= 500
    if (!isAllowed) flaws.push(`${count} deliveries were answered with ${answer}`)
  }
  const taken = [...ledger.forged].filter((wamid) => stored.messages.has(wamid)).length
  if (taken > 0) flaws.push(`${taken} forged messages were stored`)
  const isRefused = ledger.forgedAnswers.every((answer) => answer === 401 || answer === 'broken')
  if (!isRefused) flaws.push('a forged delivery was answered with something else than 401')
  return flaws
}
