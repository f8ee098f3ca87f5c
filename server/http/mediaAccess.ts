import type { Sql } from '../../db/client.ts'
import type { Agent } from '../inbox/agent.ts'
import type { Scope } from '../inbox/apiKey.ts'
import { type Reach, reachOf } from '../inbox/policy.ts'
import type { Log } from '../log.ts'
import type { MediaStore } from '../storage/mediaStore.ts'
import type { Pace } from './pace.ts'

/** What the routes of files work with. */
export type MediaParts = {
  sql: Sql
  store: MediaStore
  publicUrl: string
  log: Log
  /** Who asks, by session cookie or by an API key with this scope; null when nobody is known. */
  agentOfRequest(request: Request, scope: Scope): Promise<Agent | null>
  now(): Date
  /** How slowly a file may come; that of `pace.ts` when nothing is said. */
  pace?: Pace
}

/** Who asks, and of which conversations they may open files. Null: nobody who is signed in. */
export async function whoAsks(
  { sql, agentOfRequest }: MediaParts,
  request: Request,
  scope: Scope,
  permission: 'conversations.read' | 'conversations.reply',
): Promise<{ agent: Agent; reach: Reach } | null> {
  const agent = await agentOfRequest(request, scope)
  if (agent === null) return null
  return { agent, reach: await reachOf(sql, agent, permission) }
}
