import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { MessageError } from '../whatsapp/content.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { lockConversations } from './lockConversations.ts'
import { conversationsById } from './readConversations.ts'

/** What was said of whether a contact wants marketing, by whom, and when. */
export type MarketingWord = {
  contactId: string
  isOptedOut: boolean
  source: 'user_preferences' | 'refused_by_whatsapp' | 'stop_word' | 'agent'
  saidAt: Date
}

/** WhatsApp refused a message because the customer wants no marketing of this business (Meta, "Error codes"). */
const OPTED_OUT_CODE = 131050

export const isOptOutRefusal = (error: MessageError | null) => error?.code === OPTED_OUT_CODE

/**
 * Keeps whether contacts want marketing: the newest word counts, whatever order they come in, and that of an agent always.
 * Returns the events of the conversations in which it shows. No statement at all for no words.
 *
 * Whoever knows the conversations before (see {@link conversationsConcerned}) locks them with all others, in order.
 */
export async function keepOptOuts(tx: Transaction, words: readonly MarketingWord[]): Promise<NewEvent[]> {
  if (words.length === 0) return []
  const newest = new Map<string, MarketingWord>()
  for (const word of words) {
    const other = newest.get(word.contactId)
    if (other === undefined || isNewer(word, other)) newest.set(word.contactId, word)
  }
  // In one order, so that two who write the same contacts wait for each other rather than in a circle.
  const rows = [...newest.values()].sort((a, b) => (a.contactId < b.contactId ? -1 : 1))
  const changed = await tx<{ id: string }[]>`
    update contacts c
    set opted_out_at = case when r."isOptedOut" then r."saidAt" end,
        opt_out_source = case when r."isOptedOut" then r.source end,
        marketing_said_at = greatest(c.marketing_said_at, r."saidAt")
    from ${unnest(tx, rows, { contactId: 'uuid', isOptedOut: 'boolean', source: 'text', saidAt: 'timestamptz' })}
    where c.id = r."contactId" and (r.source = 'agent' or c.marketing_said_at is null
      or (c.marketing_said_at, c.opted_out_at is not null) < (r."saidAt", r."isOptedOut"))
    returning c.id`
  return changed.length === 0 ? [] : changedConversations(tx, changed)
}

/** Of two words of the same moment the one that wants less counts. */
function isNewer(word: MarketingWord, other: MarketingWord): boolean {
  const difference = word.saidAt.getTime() - other.saidAt.getTime()
  return difference > 0 || (difference === 0 && word.isOptedOut)
}

/** What changed of contacts shows in each of their conversations: they get a new version, and events tell of it. */
export async function changedConversations(tx: Transaction, contacts: { id: string }[]): Promise<NewEvent[]> {
  const ids = await conversationsConcerned(tx, { contactIds: contacts.map((row) => row.id), messageIds: [] })
  const locked = await lockConversations(tx, ids)
  if (locked.length === 0) return []
  await tx`update conversations set version = version + 1 where id = any(${ids}::uuid[])`
  const placeOf = new Map(locked.map((one) => [one.id, one]))
  return (await conversationsById(tx, ids)).flatMap((conversation): NewEvent[] => {
    const place = placeOf.get(conversation.id)
    if (!place || conversation.lastPosition === '') return []
    const { workspaceId, channelId } = place
    return [
      {
        workspaceId,
        channelId,
        conversationId: conversation.id,
        event: { type: 'conversation.changed', conversation },
      },
    ]
  })
}

/** The conversations of these contacts, and of those to whom these messages went. */
export async function conversationsConcerned(
  tx: Transaction,
  { contactIds, messageIds }: { contactIds: readonly string[]; messageIds: readonly string[] },
): Promise<string[]> {
  if (contactIds.length + messageIds.length === 0) return []
  const rows = await tx<{ id: string }[]>`
    select id from conversations
    where contact_id = any(${[...contactIds]}::uuid[]) or contact_id in (
      select c.contact_id from messages m join conversations c on c.id = m.conversation_id
      where m.id = any(${[...messageIds]}::uuid[])
    )`
  return rows.map((row) => row.id)
}

/** The words that refusals of WhatsApp are: one for each message that was refused for that. */
export async function wordsOfRefusals(
  tx: Transaction,
  refusals: readonly { messageId: string; saidAt: Date; error: MessageError | null }[],
): Promise<MarketingWord[]> {
  const rows = refusals.flatMap(({ messageId, saidAt, error }) =>
    isOptOutRefusal(error) ? [{ messageId, saidAt }] : [],
  )
  if (rows.length === 0) return []
  const found = await tx<{ contactId: string; saidAt: Date }[]>`
    select c.contact_id, r."saidAt" as said_at
    from ${unnest(tx, rows, { messageId: 'uuid', saidAt: 'timestamptz' })}
    join messages m on m.id = r."messageId"
    join conversations c on c.id = m.conversation_id`
  return found.map((row) => ({ ...row, isOptedOut: true, source: 'refused_by_whatsapp' as const }))
}
