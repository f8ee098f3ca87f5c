import type { Transaction } from '../../db/client.ts'
import type { DeliveryItem } from '../whatsapp/delivery.ts'
import { applyStatuses } from './applyStatuses.ts'
import { findChannels } from './findChannels.ts'
import { findContacts, type Wanted } from './findContacts.ts'
import type { PlacedMessage } from './insertMessages.ts'
import { type DeadLetter, keepDeadLetters } from './keepDeadLetters.ts'
import { keepNews } from './keepNews.ts'
import { lockConversations } from './lockConversations.ts'
import { lockWamids, matchAttempts } from './matchAttempts.ts'
import { openConversations } from './openConversations.ts'
import { positionOf } from './position.ts'
import { receiveMessages } from './receiveMessages.ts'
import { recordEvents } from './recordEvents.ts'

/** An item of a delivery, with the stream entry that brought it. */
export type ReceivedItem = DeliveryItem & { streamId: string; receivedAt: Date; body: Uint8Array }

type Of<Kind extends DeliveryItem['kind']> = Extract<ReceivedItem, { kind: Kind }>

/** Who has to be told after commit. */
export type Stored = { workspaceIds: string[] }

/**
 * Stores a batch of items in one transaction, with a number of statements that does not depend on the size of the batch.
 * Idempotent and commutative: again, in another order, or beside another consumer, the database ends up the same.
 *
 * The order of locks: new contacts, wamids, conversations by id, the event counter. Every writer keeps to it.
 */
export async function storeDeliveries(
  tx: Transaction,
  items: readonly ReceivedItem[],
  now: Date,
): Promise<Stored> {
  const addressed = items.flatMap((item) => (item.kind === 'malformed' ? [] : [item]))
  const channelOf = await findChannels(
    tx,
    addressed.map((item) => item.to),
  )
  const known = addressed.filter((item) => channelOf(item.to) !== null)
  const placeOf = (item: (typeof known)[number]) => {
    const channel = channelOf(item.to)
    if (channel === null) throw new Error('An item without a channel was let through')
    return { workspaceId: channel.workspaceId, channelId: channel.id }
  }

  const messages = await placeMessages(tx, known.filter(isMessage), placeOf)
  const statuses = await matchAttempts(
    tx,
    known.filter(isStatus).map((item) => ({ ...placeOf(item), status: item.status })),
  )
  const echoes = messages.filter((one) => one.message.direction === 'out')
  await lockWamids(
    tx,
    echoes.map((one) => ({ channelId: one.channelId, wamid: one.message.wamid })),
  )
  const conversationIds = [
    ...messages.map((one) => one.conversationId),
    ...statuses.flatMap((one) => one.attempt?.conversationId ?? []),
  ]
  await lockConversations(tx, [...new Set(conversationIds)])

  await keepDeadLetters(
    tx,
    deadLettersOf(items, (item) => channelOf(item.to) !== null),
  )
  await keepNews(
    tx,
    known.filter(isNews).map((item) => ({ ...placeOf(item), news: item.news })),
  )
  const added = await receiveMessages(tx, messages, now)
  const climbed = await applyStatuses(tx, statuses, now)
  const events = [...added, ...climbed]
  await recordEvents(tx, events)
  return { workspaceIds: [...new Set(events.map((event) => event.workspaceId))] }
}

const isMessage = (item: ReceivedItem): item is Of<'message'> => item.kind === 'message'
const isStatus = (item: ReceivedItem): item is Of<'status'> => item.kind === 'status'
const isNews = (item: ReceivedItem): item is Of<'news'> => item.kind === 'news'

/** Gives each message its contact and its conversation. In a group the conversation is the group's, the author a member. */
async function placeMessages(
  tx: Transaction,
  items: Of<'message'>[],
  placeOf: (item: Of<'message'>) => { workspaceId: string; channelId: string },
): Promise<PlacedMessage[]> {
  const wanted = items.flatMap((item): Wanted[] => {
    const { customer, groupId, sentAt } = item.message
    const { workspaceId } = placeOf(item)
    const person: Wanted = { workspaceId, who: { person: customer }, seenAt: sentAt }
    return groupId === null ? [person] : [person, { workspaceId, who: { groupId }, seenAt: sentAt }]
  })
  const contactIds = await findContacts(tx, wanted)
  let next = 0
  const take = () => contactIds[next++] ?? ''
  const placed = items.map((item) => {
    const personId = take()
    const isInGroup = item.message.groupId !== null
    return {
      ...placeOf(item),
      contactId: isInGroup ? take() : personId,
      authorContactId: isInGroup ? personId : null,
      position: positionOf(item.message.sentAt, item.streamId, item.index),
      receivedAt: item.receivedAt,
      message: item.message,
    }
  })
  const conversationIds = await openConversations(tx, placed)
  return placed.map((one, index) => ({ ...one, conversationId: conversationIds[index] ?? '' }))
}

function deadLettersOf(
  items: readonly ReceivedItem[],
  isKnown: (item: Exclude<ReceivedItem, { kind: 'malformed' }>) => boolean,
): DeadLetter[] {
  return items.flatMap((item): DeadLetter[] => {
    const { streamId, path, body } = item
    if (item.kind === 'malformed') {
      return [
        {
          workspaceId: null,
          streamId,
          path,
          reason: item.reason,
          detail: item.detail,
          item: item.item,
          body,
        },
      ]
    }
    if (isKnown(item)) return []
    const detail = `No channel has the phone number id ${item.to.phoneNumberId ?? 'null'} (account ${item.to.businessAccountId ?? 'null'})`
    const subject =
      item.kind === 'message'
        ? item.message.raw
        : item.kind === 'news'
          ? item.news.value
          : item.status.details
    return [{ workspaceId: null, streamId, path, reason: 'unknown_channel', detail, item: subject, body }]
  })
}
