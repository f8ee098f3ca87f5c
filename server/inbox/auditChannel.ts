import type { Transaction } from '../../db/client.ts'
import type { Agent } from './agent.ts'

/** A stable word for what was done to a channel. */
export type ChannelAct =
  `channel.${'connected' | 'updated' | 'resumed' | 'credentials_replaced' | 'subscribed' | 'removed'}`

/** Writes down who did what to a channel, in the transaction that does it. Never with a token or a secret in it. */
export async function auditChannel(
  tx: Transaction,
  { workspaceId, id: actorId }: Pick<Agent, 'workspaceId' | 'id'>,
  channelId: string,
  action: ChannelAct,
  details: Record<string, string | number | boolean | string[] | null> = {},
): Promise<void> {
  await tx`
    insert into audit_entries (id, workspace_id, channel_id, actor_id, action, details)
    values (${Bun.randomUUIDv7()}, ${workspaceId}, ${channelId}, ${actorId}, ${action}, ${tx.json(details)})`
}
