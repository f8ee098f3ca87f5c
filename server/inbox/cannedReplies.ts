import postgres from 'postgres'
import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { CANNED_PLACES, unknownPlaces } from './cannedPlaces.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { Refusal } from './refusal.ts'

export type CannedReply = {
  id: string
  /** What is typed behind the `/`. */
  shortcut: string
  title: string
  /** With places such as `{{contact.name}}`. */
  body: string
  updatedAt: string
}

/** The canned replies of a workspace, by shortcut. */
export async function readCannedReplies(sql: Queryable, workspaceId: string): Promise<CannedReply[]> {
  const rows = await sql<(Omit<CannedReply, 'updatedAt'> & { updatedAt: Date })[]>`
    select id, shortcut, title, body, updated_at from canned_replies
    where workspace_id = ${workspaceId} order by lower(shortcut)`
  return rows.map(({ updatedAt, ...row }) => ({ ...row, updatedAt: updatedAt.toISOString() }))
}

type Saving = { cannedReplyId?: string | undefined; shortcut: string; title: string; body: string }

const UNIQUE_VIOLATION = '23505'

/** Makes a canned reply, or changes the one with this id. Reasons: INPUT_INVALID for a place that nothing fills, NAME_TAKEN, NOT_FOUND. */
export async function saveCannedReply(
  tx: Transaction,
  agent: Agent,
  { cannedReplyId, shortcut, title, body }: Saving,
  now: Date,
): Promise<CannedReply> {
  const unknown = unknownPlaces(body)
  if (unknown.length > 0) {
    const sentence = `Nothing fills ${unknown.map((name) => `{{${name}}}`).join(', ')}. Possible are ${CANNED_PLACES.join(', ')}.`
    throw new Refusal('INPUT_INVALID', sentence, { field: 'body', unknown, possible: CANNED_PLACES })
  }
  const id = cannedReplyId ?? Bun.randomUUIDv7()
  const at = now.toISOString()
  const saving = cannedReplyId
    ? tx`update canned_replies set shortcut = ${shortcut}, title = ${title}, body = ${body}, updated_at = ${at}
         where id = ${id} and workspace_id = ${agent.workspaceId}`
    : tx`insert into canned_replies (id, workspace_id, shortcut, title, body, created_by, updated_at)
         values (${id}, ${agent.workspaceId}, ${shortcut}, ${title}, ${body}, ${agent.id}, ${at})`
  const saved = await saving.catch((error: unknown) => {
    const isTaken = error instanceof postgres.PostgresError && error.code === UNIQUE_VIOLATION
    throw isTaken ? new Refusal('NAME_TAKEN', `Another reply has the shortcut /${shortcut} already.`) : error
  })
  if (saved.count === 0) throw new Refusal('NOT_FOUND', 'There is no such canned reply any more.')
  tell(tx, agent)
  return { id, shortcut, title, body, updatedAt: at }
}

/** Removes a canned reply; nothing happens when it is gone already. */
export async function removeCannedReply(tx: Transaction, agent: Agent, cannedReplyId: string): Promise<void> {
  const removed = await tx`
    delete from canned_replies where id = ${cannedReplyId} and workspace_id = ${agent.workspaceId}`
  if (removed.count > 0) tell(tx, agent)
}

function tell(tx: Transaction, { workspaceId }: Agent): void {
  const event = { type: 'cannedReplies.changed' as const }
  commitWithEvents(tx, [{ workspaceId, channelId: null, conversationId: null, event }])
}
