import type Redis from 'ioredis'
import type { Logger } from 'pino'

/** What a bell can announce. It carries no data: who hears it goes and looks. */
export type BellTopic = 'events' | 'outbox' | 'jobs' | 'secrets' | 'sessions'

export type Ringer = {
  /** Says that there is something new. A ring that is not heard is harmless: everyone also looks now and then. */
  ring(topic: BellTopic, scope?: string): void
}

export type Bell = Ringer & {
  /** Calls `listener` with the scope at each ring, from any process, until the returned function is called. */
  listen(topic: BellTopic, listener: (scope: string) => void): () => void
  close(): void
}

const COMPLAIN_EVERY_MS = 60_000

const channelOf = (topic: BellTopic) => `baton:bell:${topic}`

/** One half of a bell, for those who only ring. With Redis away rings are lost, and logged once a minute at most. */
export function createRinger(redis: Redis, log: Logger): Ringer {
  let complainedAt = -COMPLAIN_EVERY_MS
  const complain = (err: unknown) => {
    if (performance.now() - complainedAt < COMPLAIN_EVERY_MS) return
    complainedAt = performance.now()
    log.warn({ err }, 'a bell could not be rung; readers will look by themselves')
  }
  return {
    ring(topic, scope = '') {
      redis.publish(channelOf(topic), scope).catch(complain)
    },
  }
}

/**
 * A bell over Redis pub/sub. `redis` publishes; `subscriber` is a connection of its own, since a subscribed connection can
 * do nothing else.
 */
export function createBell(redis: Redis, subscriber: Redis, log: Logger): Bell {
  const listeners = new Map<string, Set<(scope: string) => void>>()
  const hear = (channel: string, scope: string) => {
    for (const listener of listeners.get(channel) ?? []) listener(scope)
  }
  subscriber.on('message', hear)

  return {
    ...createRinger(redis, log),
    listen(topic, listener) {
      const channel = channelOf(topic)
      const ofChannel = listeners.get(channel) ?? new Set()
      listeners.set(channel, ofChannel.add(listener))
      if (ofChannel.size === 1) {
        subscriber.subscribe(channel).catch((err) => log.warn({ err, channel }, 'a bell can not be heard'))
      }
      return () => {
        ofChannel.delete(listener)
      }
    },
    close() {
      subscriber.off('message', hear)
      listeners.clear()
    },
  }
}
