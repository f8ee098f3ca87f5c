import type { Transaction } from '../../db/client.ts'
import { unnest } from '../../db/unnest.ts'
import type { AddedMessage } from './insertMessages.ts'
import type { Position } from './position.ts'
import { type ConversationRow, conversationColumns } from './readConversations.ts'
import { FREE_ENTRY_MS } from './serviceWindow.ts'

/** Kinds that change another message rather than say something: they open no window and count as nothing to read. */
const QUIET_KINDS = new Set(['reaction', 'edit', 'revoke'])
/** Of those, the ones that do not lift their conversation in the list either, as in WhatsApp itself. */
const UNSEEN_KINDS = new Set(['edit', 'revoke'])

type Bump = {
  id: string
  unread: number
  position: Position
  messageId: string
  inboundAt: Date | null
  freeEntryEndsAt: Date | null
  /**
   * Only what is unseen has come: it stands for the conversation in the list as long as nothing else does (or the
   * conversation would not be in the list at all), and gives way to anything else, whatever comes first.
   */
  isUnseen: boolean
}

/** `was`: its status before. */
export type Bumped = ConversationRow & { lastMessageId: string; was: ConversationRow['status'] }

/**
 * Brings the list entries of conversations up to date with what was added to them, and returns how they stand now.
 * They are locked by the caller.
 */
export async function bumpConversations(tx: Transaction, added: readonly AddedMessage[]): Promise<Bumped[]> {
  const bumps = new Map<string, Bump>()
  for (const one of added) bumps.set(one.conversationId, bumped(bumps.get(one.conversationId), one))
  const rows = await tx<Bumped[]>`
    update conversations c
    set unread_count = c.unread_count + r.unread,
        status = case when r.unread > 0 then 'open' else c.status end,
        snoozed_until = case when r.unread > 0 then null else c.snoozed_until end,
        last_message_id = case when seen.moves then r."messageId" else c.last_message_id end,
        last_position = case when seen.moves then r.position else c.last_position end,
        last_inbound_at = greatest(c.last_inbound_at, r."inboundAt"),
        free_entry_ends_at = greatest(c.free_entry_ends_at, r."freeEntryEndsAt"),
        version = c.version + 1
    from ${unnest(tx, [...bumps.values()], {
      id: 'uuid',
      unread: 'integer',
      position: 'text',
      messageId: 'uuid',
      inboundAt: 'timestamptz',
      freeEntryEndsAt: 'timestamptz',
      isUnseen: 'boolean',
    })}
    join conversations before on before.id = r.id
    join contacts contact on contact.id = before.contact_id
    left join agents assignee on assignee.id = before.assignee_id
    left join messages last on last.id = before.last_message_id
    cross join lateral (
      select case when r."isUnseen" = (last.id is null or last.type = any(${[...UNSEEN_KINDS]}))
        then r.position > before.last_position
        else not r."isUnseen" end as moves
    ) seen
    where c.id = r.id
    returning ${conversationColumns(tx)}, c.last_message_id, before.status as was`
  return [...rows]
}

/** When the free entry ends that an ad or a page button opened; null for a message that came without one. */
function freeEntryEnd({ direction, context, sentAt }: AddedMessage['message']): Date | null {
  if (direction === 'out' || !context?.referral) return null
  return new Date(sentAt.getTime() + FREE_ENTRY_MS)
}

const laterOf = (a: Date | null, b: Date | null) => (a !== null && b !== null ? (a > b ? a : b) : (a ?? b))

function bumped(before: Bump | undefined, { id, conversationId, position, message }: AddedMessage): Bump {
  const speaks = message.direction === 'in' && !QUIET_KINDS.has(message.content.kind)
  const isUnseen = UNSEEN_KINDS.has(message.content.kind)
  const bump = before ?? {
    id: conversationId,
    unread: 0,
    position: '',
    messageId: id,
    inboundAt: null,
    freeEntryEndsAt: null,
    isUnseen: true,
  }
  const isLater = bump.inboundAt === null || message.sentAt > bump.inboundAt
  const isShown = bump.isUnseen === isUnseen ? position > bump.position : bump.isUnseen
  return {
    ...bump,
    unread: bump.unread + (speaks && !message.isHistory ? 1 : 0),
    inboundAt: speaks && isLater ? message.sentAt : bump.inboundAt,
    freeEntryEndsAt: laterOf(bump.freeEntryEndsAt, freeEntryEnd(message)),
    isUnseen: bump.isUnseen && isUnseen,
    ...(isShown && { position, messageId: id }),
  }
}
