import { contactName } from '../inbox/contactName.ts'
import { identityInWords } from './identityInWords.ts'
import type { JoinPreview } from './joining.svelte.ts'

type Moving = JoinPreview['conversations'][number]

/** What a join would do, line by line. */
export function joinInWords(
  { into, contact, conversations }: JoinPreview,
  channelName: (channelId: string) => string,
): string[] {
  const stays = contactName(into)
  const goes = contactName(contact)
  const ids = contact.identities.map((identity) => identityInWords(identity).value).join(', ')
  return [
    ids === ''
      ? `${goes} becomes part of ${stays}.`
      : `${goes} becomes part of ${stays}: what comes from ${ids} arrives here from now on.`,
    ...conversations.map((moving) => movingInWords(moving, stays, channelName(moving.channelId))),
    ...(into.optedOutAt === null && contact.optedOutAt !== null
      ? [`${goes} wants no marketing, so ${stays} gets none from now on.`]
      : []),
  ]
}

function movingInWords({ messages, joins }: Moving, stays: string, channel: string): string {
  if (joins)
    return messages === 1
      ? `On ${channel} two conversations become one: 1 message joins those of ${stays}.`
      : `On ${channel} two conversations become one: ${messages} messages join those of ${stays}.`
  return messages === 1
    ? `The conversation on ${channel}, with 1 message, goes over as it is.`
    : `The conversation on ${channel}, with ${messages} messages, goes over as it is.`
}
