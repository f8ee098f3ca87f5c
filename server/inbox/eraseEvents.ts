import type { Transaction } from '../../db/client.ts'

/**
 * Overwrites what the log of events holds of conversations: each line becomes the news that its conversation was erased. The
 * numbers stay, for the log has no gaps, and whoever replays it drops what they hold. Answers with how many lines that were.
 *
 * Goes through the whole log of the workspace, which is kept for a week: it has no index for something so rare.
 */
export async function eraseEvents(
  tx: Transaction,
  workspaceId: string,
  conversationIds: readonly string[],
): Promise<number> {
  const erased = await tx`
    update events e
    set type = 'conversation.erased', conversation_id = null, author_id = null, was_assignee_id = null, was_team_id = null,
      payload = json_build_object('type', 'conversation.erased', 'conversationId', e.conversation_id)
    where e.workspace_id = ${workspaceId} and e.conversation_id = any(${[...conversationIds]}::uuid[])`
  return erased.count
}

/** The same for single messages, and for every line that shows one of them as the newest of its conversation. */
export async function eraseMessageEvents(
  tx: Transaction,
  workspaceId: string,
  { conversationIds, messageIds }: { conversationIds: readonly string[]; messageIds: readonly string[] },
): Promise<number> {
  if (messageIds.length === 0) return 0
  const erased = await tx`
    update events e
    set type = 'messages.removed', author_id = null, was_assignee_id = null, was_team_id = null,
      payload = json_build_object('type', 'messages.removed', 'conversationId', e.conversation_id,
        'messageIds', json_build_array(about.id))
    from (
      select o.workspace_id, o.seq, coalesce(o.payload #>> '{message,id}', o.payload ->> 'messageId',
        o.payload #>> '{conversation,lastMessage,id}') as id
      from events o where o.workspace_id = ${workspaceId} and o.conversation_id = any(${[...conversationIds]}::uuid[])
    ) about
    where e.workspace_id = about.workspace_id and e.seq = about.seq and about.id = any(${[...messageIds]}::text[])`
  return erased.count
}
