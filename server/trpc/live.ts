import { tracked } from '@trpc/server'
import { z } from 'zod'
import type { Credential } from '../auth/credential.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { Context } from './context.ts'
import { errorOf, memberProcedure, over, router } from './init.ts'

/** Events that a socket is sent in one go: some 80 KB. */
const MOST_AT_ONCE = 50

/** tRPC puts the cursor of a resumed subscription here; it has to be declared, or zod would strip it. */
const feedInput = z.object({
  lastEventId: z
    .string()
    .regex(/^\d{1,18}$/, 'The cursor is the `cursor` of conversations.list')
    .nullish(),
  /** The channels that you saw when you loaded what you hold; what has changed since is told by a `resync` of those channels. */
  channelIds: z.array(z.uuid()).max(1000).optional(),
  /** The `reachMark` of `auth.me` at that time: tells likewise of what changed within a channel. */
  reachMark: z.string().max(20).optional(),
})

export const liveRouter = router({
  /**
   * The events of the workspace that the agent may see, from `lastEventId` on, then as they happen. Every value is tracked:
   * an untracked one would make the client forget its cursor.
   */
  feed: memberProcedure.input(feedInput).subscription(async function* ({ ctx, input, signal }) {
    using _ = openStream(ctx)
    const cursor = input.lastEventId ?? null
    for await (const item of ctx.services.feed.follow({
      credential: ctx.credential,
      agent: ctx.agent,
      cursor,
      channelIds: input.channelIds,
      reachMark: input.reachMark,
      signal,
      whenDrained: ctx.whenDrained,
      // Only a socket unpacks what goes together.
      mostAtOnce: ctx.whenDrained ? MOST_AT_ONCE : 1,
    })) {
      yield tracked(item.seq, item)
    }
    // A browser asks who it is when its feed ends; a program is told.
    if (!signal?.aborted && ctx.credential.kind === 'apiKey') throw over(ctx.credential)
  }),

  /**
   * Who holds which lock, who looks at what, who is typing and who is there. Not tracked: after a reconnect it begins with the
   * present state again. With `tabId` the tab's presence ends with this subscription.
   */
  presence: memberProcedure
    .input(z.object({ tabId: z.uuid().optional() }).optional())
    .subscription(async function* ({ ctx, input, signal }) {
      using _ = openStream(ctx)
      const { agent, credential, services, whenDrained } = ctx
      const tabId = input?.tabId ?? null
      yield* services.presence.follow({ agent, credential, tabId, signal, whenDrained })
    }),
})

/** A stream throws past the middlewares, so it has to be tRPC's own error. */
function openStream({ services, credential }: { services: Context['services']; credential: Credential }) {
  try {
    return services.streams.open(credential)
  } catch (error) {
    throw error instanceof Refusal ? errorOf(error) : error
  }
}
