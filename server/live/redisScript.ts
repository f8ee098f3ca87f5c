import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { Refusal } from '../inbox/refusal.ts'

/** Runs a script of `lua/` in one step inside Redis. @throws Refusal UNAVAILABLE when Redis is away */
export type RedisScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>

/** Redis answers, but not yet, or not for writes: the same as being away, for who waits. */
const NOT_NOW = /^(LOADING|READONLY|OOM|MISCONF|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|BUSY|NOREPLICAS)\b/

/** Reads `lua/<name>.lua`. It goes over the wire once; a Redis that was restarted and does not know it is sent it again. */
export function loadScript(redis: Redis, name: string): RedisScript {
  const text = readFileSync(join(import.meta.dir, 'lua', `${name}.lua`), 'utf8')
  const hash = createHash('sha1').update(text).digest('hex')
  return async (keys, args) => {
    try {
      return await orAway(redis.evalsha(hash, keys.length, ...keys, ...args))
    } catch (error) {
      if (!(isReply(error) && error.message.startsWith('NOSCRIPT'))) throw error
    }
    return orAway(redis.eval(text, keys.length, ...keys, ...args))
  }
}

/** What Redis answers. @throws Refusal UNAVAILABLE when it does not, or not now */
export async function orAway<Reply>(reply: Promise<Reply>): Promise<Reply> {
  try {
    return await reply
  } catch (error) {
    if (isReply(error) && !NOT_NOW.test(error.message)) throw error
    const sentence = 'Reply locks and presence cannot be reached at the moment. Try again in a few seconds.'
    throw new Refusal('UNAVAILABLE', sentence)
  }
}

/** Whether Redis itself said so. (The class is not exported with a type.) */
const isReply = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError'
