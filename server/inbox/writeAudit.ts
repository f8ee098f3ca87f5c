import type { Transaction } from '../../db/client.ts'

/** An administrative act, for the audit log. Names and ids only: no message text, no secret. */
export type AuditedAct = {
  workspaceId: string
  /** Null: nobody who is signed in, such as whoever accepts an invitation. */
  actorId: string | null
  /** A stable word, such as `person.removed`. */
  action: string
  details: object | null
  channelId?: string | null
}

/** Adds to the audit log, in the transaction of what was done. It is only ever added to: a trigger refuses the rest. */
export async function writeAudit(tx: Transaction, act: AuditedAct): Promise<void> {
  const { workspaceId, actorId, action, details, channelId = null } = act
  await tx`
    insert into audit_entries (id, workspace_id, channel_id, actor_id, action, details)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${channelId}, ${actorId}, ${action},
      ${details === null ? null : JSON.stringify(details)}::text::json)`
}
