import { z } from 'zod'

const agentName = z.object({ id: z.string(), name: z.string() })
/** Milliseconds from now: clocks of several machines differ, durations do not. */
const ms = z.number()

/** What an open tab shows. */
export const openTab = z.object({
  agent: agentName,
  conversationId: z.string().nullable(),
  channelId: z.string().nullable(),
  isAway: z.boolean(),
})
export type OpenTab = z.infer<typeof openTab>

/**
 * What is announced of a workspace over pub/sub, from whichever process to all of them. The scripts in `lua/` write some of it.
 * Who misses one finds out by looking: nothing leans on each being heard.
 */
const liveMessage = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('lock'),
    id: z.string(),
    change: z.enum(['acquired', 'taken_over']),
    channel: z.string(),
    holder: agentName,
    fence: z.number(),
    ms,
    previous: agentName.nullable(),
  }),
  /** Conversations whose locks live `ms` longer from now on, or, when a tab left, that much at most. */
  z.object({ t: z.literal('renewed'), ids: z.array(z.string()), ms }),
  z.object({
    t: z.literal('free'),
    id: z.string(),
    change: z.literal('released'),
    channel: z.string(),
    previous: agentName,
  }),
  z.object({ t: z.literal('draft'), id: z.string(), to: z.string(), from: agentName, text: z.string() }),
  z.object({ t: z.literal('tab'), id: z.string(), tab: openTab, ms }),
  /** 0: it is gone. */
  z.object({ t: z.literal('tabEnds'), id: z.string(), ms }),
  /** Kept nowhere: who types says so again every few seconds. 0: they stopped. */
  z.object({
    t: z.literal('typing'),
    id: z.string(),
    channel: z.string(),
    agent: agentName,
    tab: z.string(),
    ms,
  }),
  /** The agent has sent their answer: none of their tabs types there any more. */
  z.object({ t: z.literal('sent'), id: z.string(), agent: z.string() }),
])

export type LiveMessage = z.infer<typeof liveMessage>

/** A message as it was published; null when another version of the program wrote it and we do not understand it. */
export function readLiveMessage(text: string): LiveMessage | null {
  try {
    return liveMessage.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
