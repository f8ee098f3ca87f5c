import type { Transaction } from '../../db/client.ts'
import type { ChannelNews, Person } from '../whatsapp/delivery.ts'
import { marketingPreferences } from '../whatsapp/marketingPreferences.ts'
import type { NewEvent } from './commitWithEvents.ts'
import type { PlacedMessage } from './insertMessages.ts'
import {
  conversationsConcerned,
  isOptOutRefusal,
  keepOptOuts,
  type MarketingWord,
  wordsOfRefusals,
} from './keepOptOuts.ts'
import type { MatchedStatus } from './matchAttempts.ts'
import { isStopWord } from './stopWords.ts'

type Preference = {
  workspaceId: string
  person: Person
  isOptedOut: boolean
  saidAt: Date
  source: 'user_preferences'
}

/** All that a batch says of whether customers want marketing: nothing, mostly, and then it costs no statement. */
type Marketing = { words: readonly MarketingWord[]; refusals: Parameters<typeof wordsOfRefusals>[1] }

/** What customers told WhatsApp. */
export function preferencesIn(
  items: readonly { workspaceId: string; receivedAt: Date; news: ChannelNews }[],
): Preference[] {
  return items.flatMap(({ workspaceId, receivedAt, news }) =>
    marketingPreferences(news, receivedAt).map((preference) => ({
      ...preference,
      workspaceId,
      source: 'user_preferences' as const,
    })),
  )
}

/** The STOP words of their channel that customers wrote. In a group nobody speaks for the group. */
export function stopWordsIn(messages: readonly (PlacedMessage & { stopWords: string[] })[]): MarketingWord[] {
  return messages.flatMap(({ contactId, authorContactId, message, stopWords }): MarketingWord[] => {
    const { direction, content, sentAt } = message
    if (direction === 'out' || authorContactId !== null || !isStopWord(content, stopWords)) return []
    return [{ contactId, isOptedOut: true, source: 'stop_word', saidAt: sentAt }]
  })
}

/** Messages that WhatsApp refused because the customer wants no marketing. */
export function refusalsIn(statuses: readonly MatchedStatus[]): Marketing['refusals'] {
  return statuses.flatMap(({ attempt, status }) =>
    attempt === null || !isOptOutRefusal(status.error)
      ? []
      : [{ messageId: attempt.messageId, saidAt: status.occurredAt, error: status.error }],
  )
}

/** The conversations in which it will show, for the one lock of all conversations. */
export function conversationsOf(tx: Transaction, { words, refusals }: Marketing): Promise<string[]> {
  return conversationsConcerned(tx, {
    contactIds: words.map((word) => word.contactId),
    messageIds: refusals.map((refusal) => refusal.messageId),
  })
}

/** Keeps it. The conversations are locked. */
export async function hearOfMarketing(tx: Transaction, { words, refusals }: Marketing): Promise<NewEvent[]> {
  return keepOptOuts(tx, [...words, ...(await wordsOfRefusals(tx, refusals))])
}
