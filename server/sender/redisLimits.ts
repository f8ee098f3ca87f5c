import type Redis from 'ioredis'
import type { Logger } from 'pino'
import { limitKeys } from './limitKeys.ts'
import { CLOSE, GIVE_BACK, TAKE } from './limitScripts.ts'
import type { Grant, Limits, SendingNumber } from './limits.ts'

/** Meta: one message in six seconds to one customer, and up to 45 at once on credit. */
const PAIR_INTERVAL_MS = 6000
const PAIR_BURST = 45

/**
 * How much of its throughput a number uses. With what may go at once (`BURST_MS` of that pace) no second ever sees more
 * than the whole, however the messages bunch up.
 */
const THROUGHPUT_SHARE = 0.94
const BURST_MS = 60

/** For how long it counts as the same trouble when WhatsApp shuts the door again after it has opened. */
const CLOSING_REMEMBERED_MS = 60_000
/** With Redis away each sender goes on at a pace that no number is too small for. */
const TRICKLE_PER_SECOND = 5
const COMPLAIN_EVERY_MS = 60_000

const intervalOf = ({ throughputPerSecond }: SendingNumber) =>
  1000 / (Math.max(1, throughputPerSecond) * THROUGHPUT_SHARE)

/** The limits in Redis. `now`: for tests that move time by hand; without it time is that of Redis. */
export function createLimits(redis: Redis, log: Logger, now?: () => Date): Limits {
  const at = () => (now ? now().getTime() : '')
  const trickle = new Trickle()
  let complainedAt = Number.NEGATIVE_INFINITY
  const complain = (err: unknown) => {
    if (performance.now() - complainedAt < COMPLAIN_EVERY_MS) return
    complainedAt = performance.now()
    log.warn({ err }, 'the limits can not be asked for; sending slowly')
  }

  return {
    async take(number, conversationIds) {
      const { phoneNumberId } = number
      const keys = [
        limitKeys.number(phoneNumberId),
        limitKeys.closed(phoneNumberId),
        limitKeys.inbound(phoneNumberId),
        ...conversationIds.map((id) => limitKeys.pair(phoneNumberId, id)),
      ]
      const pair = [PAIR_INTERVAL_MS, PAIR_INTERVAL_MS * PAIR_BURST]
      try {
        const answer = await redis.eval(
          TAKE,
          keys.length,
          ...keys,
          at(),
          intervalOf(number),
          BURST_MS,
          ...pair,
        )
        return grantOf(numbersIn(answer))
      } catch (err) {
        complain(err)
        return trickle.take(conversationIds.length)
      }
    },

    async giveBack(number, conversationIds) {
      const { phoneNumberId } = number
      const keys = [
        limitKeys.number(phoneNumberId),
        ...conversationIds.map((id) => limitKeys.pair(phoneNumberId, id)),
      ]
      await redis
        .eval(GIVE_BACK, keys.length, ...keys, at(), intervalOf(number), PAIR_INTERVAL_MS)
        .catch(complain)
    },

    async close(phoneNumberIds, { firstMs, factor, longestMs }) {
      const numbers = [firstMs, factor, longestMs, BURST_MS, CLOSING_REMEMBERED_MS]
      try {
        const open = await Promise.all(
          phoneNumberIds.map((id) =>
            redis.eval(CLOSE, 2, limitKeys.number(id), limitKeys.closed(id), at(), ...numbers),
          ),
        )
        return new Date(Math.max(...open.map(Number)))
      } catch (err) {
        complain(err)
        return new Date((now?.() ?? new Date()).getTime() + firstMs)
      }
    },
  }
}

function grantOf([numberWaitMs = 0, ...verdicts]: number[]): Grant {
  return {
    numberWaitMs,
    verdicts: verdicts.map((verdict) => {
      if (verdict === 0) return 'go'
      return verdict === -1 ? 'number' : new Date(verdict)
    }),
  }
}

function numbersIn(answer: unknown): number[] {
  if (!Array.isArray(answer)) throw new Error('The script of the limits gave no list')
  return answer.map(Number)
}

/** What a sender allows itself while it can not ask. Pairs are not counted: should one be full, WhatsApp says so. */
class Trickle {
  #nextAtMs = 0

  take(wanted: number): Grant {
    const waitMs = this.#nextAtMs - performance.now()
    if (waitMs <= 0 && wanted > 0) this.#nextAtMs = performance.now() + 1000 / TRICKLE_PER_SECOND
    const verdicts = Array.from({ length: wanted }, (_, place) =>
      waitMs <= 0 && place === 0 ? ('go' as const) : ('number' as const),
    )
    return { verdicts, numberWaitMs: Math.max(waitMs, wanted > 1 ? 1000 / TRICKLE_PER_SECOND : 0) }
  }
}
