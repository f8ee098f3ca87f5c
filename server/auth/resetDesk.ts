import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Sql } from '../../db/client.ts'
import { repeatable } from '../../db/repeatable.ts'
import { makeMailedReset } from '../inbox/passwordResets.ts'
import type { Log } from '../log.ts'
import type { Mailer } from '../mail/mailer.ts'
import { type MailLanguage, resetMail } from '../mail/resetMail.ts'
import { makeLinkToken } from './linkToken.ts'

/** Mails to one address in an hour: enough for a slow mail server, not enough to fill somebody's box. */
const MOST_MAILS = 3
const HOUR_S = 60 * 60
/** A mail server that says nothing does not hold up a stop. */
const CLOSE_WITHIN_MS = 5_000

export type ResetDesk = {
  /** Whether mail can be sent at all. */
  hasMail: boolean
  /**
   * Sends a link to a new password if somebody has this address. It returns before anything was looked up, so neither the answer nor its
   * time tells whether somebody does.
   */
  ask(email: string, language: MailLanguage): void
  /** Waits for what was asked for. */
  close(): Promise<void>
}

export type ResetDeskOptions = {
  sql: Sql
  redis: Redis
  /** Null: no mail server is configured. */
  mailer: Mailer | null
  publicUrl: string
  log: Log
  now(): Date
}

/** Where people ask for a new password by themselves. */
export function createResetDesk(options: ResetDeskOptions): ResetDesk {
  const { sql, redis, mailer, publicUrl, log, now } = options
  const rule = { points: MOST_MAILS, duration: HOUR_S }
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    rejectIfRedisNotReady: true,
    keyPrefix: 'baton:tries:reset',
    ...rule,
    insuranceLimiter: new RateLimiterMemory(rule),
  })
  const underWay = new Set<Promise<void>>()

  const send = async (to: Mailer, email: string, language: MailLanguage) => {
    if (!(await mayBeMailed(email))) return
    const { token, hash } = makeLinkToken()
    const somebody = await repeatable(sql, (tx) => makeMailedReset(tx, { email, hash }, now()))
    if (somebody) await to.send(resetMail(somebody, `${publicUrl}/reset/${token}`, language))
  }
  const mayBeMailed = async (email: string) => {
    try {
      await limiter.consume(createHash('sha256').update(email.trim().toLowerCase()).digest('base64url'))
      return true
    } catch (error) {
      if (error instanceof RateLimiterRes) return false
      throw error
    }
  }
  return {
    hasMail: mailer !== null,
    ask(email, language) {
      if (mailer === null) return
      // The error of a mail server may name the address, so only its code is kept.
      const work = send(mailer, email, language).catch((error: unknown) => {
        log.warn({ code: codeOf(error) }, 'the mail for a new password could not be sent')
      })
      underWay.add(work)
      void work.finally(() => underWay.delete(work))
    },
    async close() {
      await Promise.race([Promise.all(underWay), Bun.sleep(CLOSE_WITHIN_MS)])
      mailer?.close()
    },
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown'
}
