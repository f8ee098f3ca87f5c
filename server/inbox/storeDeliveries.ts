import type { Transaction } from '../../db/client.ts'
import type { Json } from '../whatsapp/content.ts'
import type { DeliveryItem } from '../whatsapp/delivery.ts'
import { applyStatuses } from './applyStatuses.ts'
import { applyTemplateNews } from './applyTemplateNews.ts'
import type { NewEvent } from './commitWithEvents.ts'
import { demandUnjoined } from './demandUnjoined.ts'
import { dropErased, dropErasedStatuses } from './dropErased.ts'
import { type ChannelRef, findChannels } from './findChannels.ts'
import {
  conversationsOf,
  hearOfMarketing,
  preferencesIn,
  refusalsIn,
  stopWordsIn,
} from './hearOfMarketing.ts'
import { type DeadLetter, keepDeadLetters } from './keepDeadLetters.ts'
import { keepNews } from './keepNews.ts'
import { lockConversations } from './lockConversations.ts'
import { matchAttempts } from './matchAttempts.ts'
import { placeMessages } from './placeMessages.ts'
import { receiveMessages } from './receiveMessages.ts'

/** Why a dead letter waits for its number to be connected. */
export const UNKNOWN_CHANNEL = 'unknown_channel'

/** Why a dead letter names a number of a company that the app which signed it does not work for. */
export const FOREIGN_SIGNATURE = 'foreign_signature'

/**
 * An item of a delivery, with the stream entry that brought it. `signedFor`: the workspaces whose app signed it; null or absent: it
 * was signed with the secret of all.
 */
export type ReceivedItem = DeliveryItem & {
  streamId: string
  receivedAt: Date
  body: Uint8Array
  signedFor?: readonly string[] | null
}

type Of<Kind extends DeliveryItem['kind']> = Extract<ReceivedItem, { kind: Kind }>

export type Stored = {
  /** For {@link commitWithEvents}, with which the transaction ends. */
  events: NewEvent[]
  /** How many of the items ended as dead letters. */
  buried: number
}

/**
 * Stores a batch of items in a transaction, with a number of statements that does not depend on the size of the batch.
 * Idempotent and commutative: again, in another order, or beside another consumer, the database ends up the same.
 *
 * The order of locks: new contacts, wamids, conversations by id, the event counter. Every writer keeps to it.
 */
export async function storeDeliveries(
  tx: Transaction,
  items: readonly ReceivedItem[],
  now: Date,
): Promise<Stored> {
  const find = await findChannels(
    tx,
    items.map((item) => item.to),
  )
  const channelOf = (item: ReceivedItem): ChannelRef | null => {
    const channel = find(item.to)
    return channel && isForeign(item, channel) ? null : channel
  }
  const placeOf = (item: ReceivedItem) => {
    const channel = channelOf(item)
    if (channel === null) throw new Error('An item without a channel was let through')
    const { id: channelId, workspaceId, stopWords, erasureSalt: salt } = channel
    return { workspaceId, channelId, stopWords, salt }
  }
  const readable = items.filter((item) => item.kind !== 'malformed' && channelOf(item) !== null)
  const known = await dropErased(tx, readable, channelOf)
  const letters = items.flatMap((item) => deadLetterOf(item, find(item.to)) ?? [])

  const messageItems = known.filter(isMessage).map((item) => ({ ...item, ...placeOf(item) }))
  const newsItems = known.filter(isNews).map((item) => ({ ...item, ...placeOf(item) }))
  const { messages, preferences } = await placeMessages(tx, messageItems, preferencesIn(newsItems))
  const echoes = messages.filter((one) => one.message.direction === 'out')
  const matched = await matchAttempts(
    tx,
    known.filter(isStatus).map((item) => ({ ...placeOf(item), status: item.status })),
    echoes.map((one) => ({ channelId: one.channelId, wamid: one.message.wamid })),
  )
  const statuses = await dropErasedStatuses(tx, matched)
  const conversationIds = [
    ...messages.map((one) => one.conversationId),
    ...statuses.flatMap((one) => one.attempt?.conversationId ?? []),
  ]
  const marketing = {
    words: [...preferences, ...stopWordsIn(messages)],
    refusals: refusalsIn(statuses),
  }
  conversationIds.push(...(await conversationsOf(tx, marketing)))
  const locked = await lockConversations(tx, [...new Set(conversationIds)])
  await demandUnjoined(tx, locked, {
    messages,
    conversationIds,
    contactIds: marketing.words.map((word) => word.contactId),
  })

  await keepDeadLetters(tx, letters)
  const news = await keepNews(tx, newsItems)
  await applyTemplateNews(tx, news)
  const optOuts = await hearOfMarketing(tx, marketing)
  // Statuses first: one whose message comes in this very batch waits in its table for the moment, and is found there.
  const climbed = await applyStatuses(tx, statuses, now)
  const added = await receiveMessages(tx, messages, now)
  return { events: [...optOuts, ...added, ...climbed], buried: letters.length }
}

const isMessage = (item: ReceivedItem): item is Of<'message'> => item.kind === 'message'
const isStatus = (item: ReceivedItem): item is Of<'status'> => item.kind === 'status'
const isNews = (item: ReceivedItem): item is Of<'news'> => item.kind === 'news'

/** Whether the app that signed it works for other companies than the one whose number it names: who knows one secret could write to all. */
function isForeign({ signedFor = null }: ReceivedItem, channel: ChannelRef): boolean {
  return signedFor !== null && !signedFor.includes(channel.workspaceId)
}

/** The dead letter that an item is; null when it can be stored. */
function deadLetterOf(item: ReceivedItem, channel: ChannelRef | null): DeadLetter | null {
  const { streamId, path, body } = item
  const letter = { workspaceId: channel?.workspaceId ?? null, streamId, path, body }
  if (channel !== null && isForeign(item, channel)) {
    // In nobody's letter box: neither the company that is named nor the one that signed shall store it by a replay.
    const detail = 'It was signed by the app of another company.'
    return { ...letter, workspaceId: null, reason: FOREIGN_SIGNATURE, detail, item: subjectOf(item) }
  }
  if (item.kind === 'malformed')
    return { ...letter, reason: item.reason, detail: item.detail, item: item.item }
  if (channel !== null) return null
  const { phoneNumberId, businessAccountId } = item.to
  const detail = `No channel has the phone number id ${phoneNumberId} (business account ${businessAccountId})`
  return { ...letter, reason: UNKNOWN_CHANNEL, detail, item: subjectOf(item) }
}

/** What of an item people want to see. */
export function subjectOf(item: ReceivedItem): Json {
  if (item.kind === 'malformed') return item.item
  if (item.kind === 'message') return item.message.raw
  return item.kind === 'news' ? item.news.value : item.status.details
}
