import type { Parcel, SentItem } from './traffic.ts'

/** How a POST ended: with a status, or with a connection that broke or was given up. */
export type Answer = number | 'broken'

/** One POST: when it left, when it ended, and how. Times are of this process's own clock. */
export type Try = { sentAtMs: number; endedAtMs: number; answer: Answer | null }

export type Entry = { items: SentItem[]; tries: Try[] }

/** What was sent and what was answered: the side of the truth that the product can not touch. */
export class Ledger {
  readonly entries = new Map<number, Entry>()
  /** Items of bodies with a wrong signature: none of them may ever be stored. */
  readonly forged = new Set<string>()
  readonly forgedAnswers: Answer[] = []
  /** When the last 200 came. */
  lastAckAtMs = 0
  acks = 0

  /** Notes that a POST leaves now. */
  sending(parcel: Parcel): Try {
    const attempt: Try = { sentAtMs: performance.now(), endedAtMs: Number.POSITIVE_INFINITY, answer: null }
    const entry = this.entries.get(parcel.id) ?? { items: parcel.items, tries: [] }
    entry.tries.push(attempt)
    this.entries.set(parcel.id, entry)
    return attempt
  }

  /** Notes how it ended. */
  ended(attempt: Try, answer: Answer): void {
    attempt.endedAtMs = performance.now()
    attempt.answer = answer
    if (answer !== 200) return
    this.lastAckAtMs = attempt.endedAtMs
    this.acks += 1
  }

  /** Bodies that were answered with 200 at least once: all of what they say must be stored. */
  acked(): Entry[] {
    return [...this.entries.values()].filter(({ tries }) => tries.some(({ answer }) => answer === 200))
  }

  /** How many answers there were of each kind. */
  tally(): Map<Answer, number> {
    const counts = new Map<Answer, number>()
    for (const { tries } of this.entries.values()) {
      for (const { answer } of tries) if (answer !== null) counts.set(answer, (counts.get(answer) ?? 0) + 1)
    }
    return counts
  }
}
