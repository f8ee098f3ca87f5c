import type { Transaction } from '../../db/client.ts'
import { Overtaken } from '../../db/repeatable.ts'
import type { PlacedMessage } from './insertMessages.ts'
import type { LockedConversation } from './lockConversations.ts'

/**
 * Contacts and conversations are looked up before the locks are held, and may have been joined with others meanwhile: what was to be
 * written would hang on what is gone. Then the whole is done again, and finds what there is now. Costs nothing otherwise; what is
 * said about marketing alone, which needs no conversation, locks its contacts.
 */
export async function demandUnjoined(
  tx: Transaction,
  locked: readonly LockedConversation[],
  {
    messages,
    conversationIds,
    contactIds,
  }: {
    messages: readonly PlacedMessage[]
    conversationIds: readonly string[]
    contactIds: readonly string[]
  },
): Promise<void> {
  const contactOf = new Map(locked.map((conversation) => [conversation.id, conversation.contactId]))
  const isPlaced = messages.every((one) => contactOf.get(one.conversationId) === one.contactId)
  if (!isPlaced || conversationIds.some((id) => !contactOf.has(id)))
    throw new Overtaken('A conversation became part of another one')
  if (contactIds.length === 0) return
  const present = await tx`
    select 1 from contacts where id = any(${[...contactIds]}::uuid[]) order by id for key share`
  if (present.length < new Set(contactIds).size) throw new Overtaken('A contact was joined with another one')
}
