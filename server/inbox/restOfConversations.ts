import type { Transaction } from '../../db/client.ts'

/**
 * Brings conversations up to date after some of their messages were removed: which one is their newest, and how many of what is
 * left is unread. They keep their place in the list, also when nothing is left. They are locked by the caller.
 */
export async function restOfConversations(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx`
    update conversations c
    set last_message_id = newest.id, unread_count = least(c.unread_count, coalesce(rest.incoming, 0)), version = c.version + 1
    from unnest(${[...ids]}::uuid[]) as wanted(id)
    left join lateral (
      select m.id from messages m
      where m.conversation_id = wanted.id and m.direction <> 'note' and m.type not in ('edit', 'revoke')
      order by m.position desc limit 1
    ) newest on true
    left join lateral (
      select count(*)::int as incoming from messages m where m.conversation_id = wanted.id and m.direction = 'in'
    ) rest on true
    where c.id = wanted.id`
}
