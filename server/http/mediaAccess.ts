import type { Sql } from '../../db/client.ts'
import type { Agent } from '../inbox/agent.ts'
import { channelsInReach } from '../inbox/policy.ts'
import type { Log } from '../log.ts'
import type { MediaStore } from '../storage/mediaStore.ts'

/** What the routes of files work with. */
export type MediaParts = {
  sql: Sql
  store: MediaStore
  publicUrl: string
  log: Log
  sessionIdOf(headers: Headers): Promise<string | null>
  agentOfSession(sessionId: string): Promise<Agent | null>
  now(): Date
}

/** Who asks, and which channels' files they may open. Null: nobody who is signed in. */
export async function whoAsks(
  { sql, sessionIdOf, agentOfSession }: MediaParts,
  headers: Headers,
): Promise<{ agent: Agent; channelIds: string[] } | null> {
  const sessionId = await sessionIdOf(headers)
  const agent = sessionId === null ? null : await agentOfSession(sessionId)
  return agent && { agent, channelIds: await channelsInReach(sql, agent) }
}
