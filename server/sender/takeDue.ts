import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { type Claimed, claim } from './claim.ts'
import { type Due, findDue, postpone } from './findDue.ts'
import type { Limits, SendingNumber } from './limits.ts'

export type Taken = {
  claimed: Claimed[]
  /** How long until a number that could not take more may take the next; null: none of them was at its limit. */
  numberWaitMs: number | null
}

type Asked = { number: SendingNumber; going: Due[]; waiting: { outboxId: string; dueAt: Date }[] }

/**
 * Takes up to `limit` messages that may be sent now: due, first in their line, and within the limits of WhatsApp. Those that
 * their recipient's limit holds back are due again when it lets them go; those of a number at its limit stay as they are.
 */
export async function takeDue(sql: Sql, limits: Limits, limit: number, now: () => Date): Promise<Taken> {
  const numbers = await findDue(sql, limit, now())
  if (numbers.length === 0) return { claimed: [], numberWaitMs: null }
  const waits: number[] = []
  const asked: Asked[] = []
  let free = limit
  for (const { number, due } of numbers) {
    const wanted = due.slice(0, free)
    const grant = await limits.take(
      number,
      wanted.map((one) => one.conversationId),
    )
    const going = wanted.filter((_, place) => grant.verdicts[place] === 'go')
    const waiting = wanted.flatMap(({ outboxId }, place) => {
      const verdict = grant.verdicts[place]
      return verdict instanceof Date ? [{ outboxId, dueAt: verdict }] : []
    })
    asked.push({ number, going, waiting })
    if (grant.numberWaitMs > 0) waits.push(grant.numberWaitMs)
    free -= going.length
  }
  const claimed = await claimAsked(sql, limits, asked, now())
  return { claimed, numberWaitMs: waits.length > 0 ? Math.min(...waits) : null }
}

async function claimAsked(sql: Sql, limits: Limits, asked: Asked[], now: Date): Promise<Claimed[]> {
  const going = asked.flatMap((one) => one.going)
  const waiting = asked.flatMap((one) => one.waiting)
  if (going.length + waiting.length === 0) return []
  const ids = going.map((one) => one.outboxId)
  const claimed = await repeatable(sql, async (tx) => {
    await postpone(tx, waiting)
    return ids.length === 0 ? [] : claim(tx, ids, now)
  })
  const isOurs = new Set(claimed.map((one) => one.outboxId))
  for (const { number, going: granted } of asked) {
    const lost = granted.filter((one) => !isOurs.has(one.outboxId)).map((one) => one.conversationId)
    if (lost.length > 0) await limits.giveBack(number, lost)
  }
  return claimed
}
