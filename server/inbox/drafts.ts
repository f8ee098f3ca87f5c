import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { placeInReach } from './placeInReach.ts'
import { isInReach, type Reach } from './policy.ts'

/** What an agent was writing. Nobody else sees it. */
export type DraftSnapshot = {
  conversationId: string
  /** '' when it was sent or thrown away. */
  body: string
  /** A private note rather than an answer. */
  isNote: boolean
  quotedMessageId: string | null
  /** Grows with each save. */
  version: number
  updatedAt: string
}

type DraftRow = Omit<DraftSnapshot, 'updatedAt'> & { updatedAt: Date }
type Whose = { agent: Agent; reach: Reach }

const columns = (sql: Queryable) =>
  sql`d.conversation_id, d.body, d.is_note, d.quoted_message_id, d.version, d.updated_at`
const snapshot = (row: DraftRow): DraftSnapshot => ({ ...row, updatedAt: row.updatedAt.toISOString() })

/** The agent's answer and note in a conversation, as far as they are written; null when there never was one. */
export async function readDraft(
  sql: Queryable,
  agentId: string,
  conversationId: string,
): Promise<{ draft: DraftSnapshot | null; note: DraftSnapshot | null }> {
  const rows = await sql<DraftRow[]>`
    select ${columns(sql)} from drafts d where d.agent_id = ${agentId} and d.conversation_id = ${conversationId}`
  const [draft = null, note = null] = [false, true].map((isNote) => rows.find((row) => row.isNote === isNote))
  return { draft: draft && snapshot(draft), note: note && snapshot(note) }
}

/** All that the agent has begun and not sent, newest first, as far as they may still see the conversations. */
export async function readDrafts(
  sql: Queryable,
  { agent, reach }: Whose,
  limit: number,
): Promise<DraftSnapshot[]> {
  const rows = await sql<DraftRow[]>`
    select ${columns(sql)} from drafts d join conversations c on c.id = d.conversation_id
    where d.agent_id = ${agent.id} and d.body <> '' and ${isInReach(sql, reach)}
    order by d.updated_at desc limit ${limit}`
  return rows.map(snapshot)
}

type Saving = Whose & {
  conversationId: string
  body: string
  isNote: boolean
  quotedMessageId: string | null
  /** Of the draft from which this one was written on; 0: there was none. */
  version: number
}

/**
 * Keeps a draft; an answer and a note do not touch each other. The last writer wins: somebody types there at this moment. `replaced` is what another device had saved meanwhile,
 * when this one did not know of it, so that nothing that was written is gone without a word. Reason: NOT_FOUND.
 */
export async function saveDraft(
  tx: Transaction,
  { agent, reach, conversationId, body, isNote, quotedMessageId, version }: Saving,
  now: Date,
): Promise<{ draft: DraftSnapshot; replaced: DraftSnapshot | null }> {
  const { workspaceId } = await placeInReach(tx, conversationId, reach)
  // Two devices may save the first draft at once, when there is no row yet that one of them could wait for.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`draft ${agent.id} ${conversationId}`}, 0))`
  const { draft, note } = await readDraft(tx, agent.id, conversationId)
  const before = isNote ? note : draft
  const [row] = await tx<DraftRow[]>`
    insert into drafts as d (conversation_id, agent_id, workspace_id, body, is_note, quoted_message_id, version, updated_at)
    values (${conversationId}, ${agent.id}, ${workspaceId}, ${body}, ${isNote}, ${quotedMessageId}, 1, ${now.toISOString()})
    on conflict (conversation_id, agent_id, is_note) do update set body = excluded.body,
      quoted_message_id = excluded.quoted_message_id, version = d.version + 1, updated_at = excluded.updated_at
    returning ${columns(tx)}`
  if (!row) throw new Error('A draft was not kept')
  const isUnseen = before !== null && before.version !== version && before.body !== '' && before.body !== body
  return { draft: snapshot(row), replaced: isUnseen ? before : null }
}
