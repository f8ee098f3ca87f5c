import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { liveChannel } from './liveKeys.ts'
import { type LiveMessage, readLiveMessage } from './liveMessage.ts'
import { orAway } from './redisScript.ts'

export type WireListener = {
  hear(message: LiveMessage): void
  /** From now on nothing is missed: what was said before has to be looked up. Also after each loss of the connection. */
  connected(): void
}

export type LiveWire = {
  /** Announces something to every process. @throws Refusal UNAVAILABLE when Redis is away */
  tell(workspaceId: string, message: LiveMessage): Promise<void>
  /** Hears everything soft of a workspace, until the returned function is called. */
  listen(workspaceId: string, listener: WireListener): () => void
  close(): void
}

/** A subscription may lie on a connection that broke without a word, and hear nothing for ever: so it is asked. */
const ASK_EVERY_MS = 10_000
const ANSWER_WITHIN_MS = 3000

/**
 * Pub/sub for what is soft: one subscription of this process for each workspace that somebody here looks at, whatever the number
 * of sockets. `subscriber` is the connection that the bell listens on.
 */
export function createLiveWire(redis: Redis, subscriber: Redis, log: Logger): LiveWire {
  const listeners = new Map<string, Set<WireListener>>()

  const hear = (channel: string, text: string) => {
    const ofChannel = listeners.get(channel)
    if (!ofChannel) return
    const message = readLiveMessage(text)
    if (message === null) log.warn({ channel }, 'a live message was not understood')
    else for (const listener of ofChannel) listener.hear(message)
  }

  /** ioredis subscribes again by itself; asked once more, Redis answers when that has happened. */
  const subscribe = async (channel: string) => {
    try {
      await subscriber.subscribe(channel)
      for (const listener of listeners.get(channel) ?? []) listener.connected()
    } catch (err) {
      log.warn({ err, channel }, 'what is soft can not be heard until Redis is back')
    }
  }
  const subscribeAll = () => {
    for (const channel of listeners.keys()) void subscribe(channel)
  }
  subscriber.on('message', hear)
  subscriber.on('ready', subscribeAll)

  const watch = setInterval(async () => {
    if (subscriber.status !== 'ready') return
    const late = Bun.sleep(ANSWER_WITHIN_MS).then(() => 'late')
    const answer = await Promise.race([subscriber.ping().catch(() => 'failed'), late])
    if (answer === 'late') subscriber.disconnect(true)
  }, ASK_EVERY_MS)
  watch.unref()

  return {
    async tell(workspaceId, message) {
      await orAway(redis.publish(liveChannel(workspaceId), JSON.stringify(message)))
    },
    listen(workspaceId, listener) {
      const channel = liveChannel(workspaceId)
      const ofChannel = listeners.get(channel) ?? new Set()
      listeners.set(channel, ofChannel.add(listener))
      void subscribe(channel)
      return () => {
        ofChannel.delete(listener)
        if (ofChannel.size > 0) return
        listeners.delete(channel)
        subscriber.unsubscribe(channel).catch((err) => log.debug({ err, channel }, 'still subscribed'))
      }
    },
    close() {
      clearInterval(watch)
      subscriber.off('message', hear)
      subscriber.off('ready', subscribeAll)
      listeners.clear()
    },
  }
}
