import { z } from 'zod'

const webhook = z.object({
  kind: z.literal('webhook'),
  messagesPerPost: z.number().int().positive(),
  contacts: z.number().int().positive(),
  /** Part of every wamid, so that no two runs share one. */
  run: z.string(),
})
const sends = z.object({
  kind: z.literal('sends'),
  cookies: z.array(z.string()),
  conversationIds: z.array(z.string()),
})
/** `cursor`: where the log stands, so that nothing is missed between the asking and the first look. */
const subscriber = z.object({ cookie: z.string(), cursor: z.string() })

const common = {
  port: z.number().int(),
  connections: z.number().int().positive(),
  what: z.discriminatedUnion('kind', [webhook, sends]),
}

/**
 * What the generator is asked to do.
 *
 * - `closed`: each connection sends its next request when the last one is answered; as fast as the server can.
 * - `open`: requests are due at a fixed rate, whatever the answers do; latencies count from when they were due.
 * - `window`: as fast as the whole path can: so many messages at most are posted and not yet seen by the subscriber.
 */
export const planSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('closed'), seconds: z.number(), mostRequests: z.number().int(), ...common }),
  z.object({
    mode: z.literal('open'),
    seconds: z.number(),
    ratePerSecond: z.number(),
    subscriber: subscriber.nullable(),
    ...common,
  }),
  z.object({
    mode: z.literal('window'),
    seconds: z.number(),
    /** Ends after so many messages, should that be earlier. */
    messages: z.number(),
    window: z.number().int(),
    subscriber,
    ...common,
  }),
])
export type Plan = z.infer<typeof planSchema>
export type PlanOf<Mode extends Plan['mode']> = Extract<Plan, { mode: Mode }>

export type Latency = { p50: number; p99: number; max: number }

/** What came of a plan. */
export const resultSchema = z.object({
  requests: z.number(),
  accepted: z.number(),
  /** How often each other answer came; 0 stands for a broken connection. */
  refused: z.record(z.string(), z.number()),
  seconds: z.number(),
  latencyMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
  /** What the subscriber saw; null without one. */
  live: z
    .object({
      seen: z.number(),
      reconnects: z.number(),
      resyncs: z.number(),
      latencyMs: z.object({ p50: z.number(), p99: z.number(), max: z.number() }),
    })
    .nullable(),
  cpuSeconds: z.number(),
})
export type Result = z.infer<typeof resultSchema>
