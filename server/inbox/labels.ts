import type { Queryable, Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'
import { commitWithEvents } from './commitWithEvents.ts'
import { demand } from './policy.ts'
import { Refusal } from './refusal.ts'
import type { LabelColour, LabelSnapshot } from './snapshot.ts'
import { writeAudit } from './writeAudit.ts'

/** More would be no order any more; and every one of them goes to every tab. */
const MOST_LABELS = 200

/** The labels of a workspace, by name. */
export async function readLabels(sql: Queryable, workspaceId: string): Promise<LabelSnapshot[]> {
  const rows = await sql<LabelSnapshot[]>`
    select id, name, colour from labels where workspace_id = ${workspaceId} order by lower(name), id`
  return [...rows]
}

/** Makes a label, or renames and recolours the one with this id. Reasons: FORBIDDEN, NOT_FOUND, NAME_TAKEN, INPUT_INVALID. */
export async function saveLabel(
  tx: Transaction,
  agent: Agent,
  { labelId, name, colour }: { labelId?: string | undefined; name: string; colour: LabelColour },
): Promise<LabelSnapshot> {
  const { workspaceId } = await lockLabels(tx, agent)
  const labels = await readLabels(tx, workspaceId)
  const id = labelId ?? Bun.randomUUIDv7()
  const isKnown = labels.some((label) => label.id === id)
  if (labelId !== undefined && !isKnown) throw new Refusal('NOT_FOUND', 'There is no such label any more.')
  if (labels.some((label) => label.id !== id && label.name.toLowerCase() === name.toLowerCase()))
    throw new Refusal('NAME_TAKEN', `There is a label “${name}” already.`)
  if (!isKnown && labels.length >= MOST_LABELS)
    throw new Refusal('INPUT_INVALID', `A workspace can have ${MOST_LABELS} labels.`)
  await tx`
    insert into labels (id, workspace_id, name, colour) values (${id}, ${workspaceId}, ${name}, ${colour})
    on conflict (id) do update set name = excluded.name, colour = excluded.colour`
  const details = { labelId: id, name, colour }
  await writeAudit(tx, { workspaceId, actorId: agent.id, action: 'label.saved', details })
  await tell(tx, workspaceId)
  return { id, name, colour }
}

/**
 * Removes a label. Conversations keep its id and show nothing for it: a hundred thousand of them need not be written, and no tab
 * has to be told of each. Reason: FORBIDDEN.
 */
export async function removeLabel(
  tx: Transaction,
  agent: Agent,
  { labelId }: { labelId: string },
): Promise<void> {
  const { workspaceId } = await lockLabels(tx, agent)
  const removed = await tx`delete from labels where id = ${labelId} and workspace_id = ${workspaceId}`
  if (removed.count === 0) return
  await writeAudit(tx, { workspaceId, actorId: agent.id, action: 'label.removed', details: { labelId } })
  await tell(tx, workspaceId)
}

/** One change at a time, so that of two equal names one is told, and the last list of the log is the newest. */
async function lockLabels(tx: Transaction, agent: Agent): Promise<Agent> {
  demand(agent, 'labels.manage')
  await tx`select pg_advisory_xact_lock(hashtextextended(${`labels ${agent.workspaceId}`}, 0))`
  return agent
}

async function tell(tx: Transaction, workspaceId: string): Promise<void> {
  const event = { type: 'labels.changed' as const, labels: await readLabels(tx, workspaceId) }
  commitWithEvents(tx, [{ workspaceId, channelId: null, conversationId: null, event }])
}
