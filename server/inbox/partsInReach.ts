import type { OutgoingFile, OutgoingParts, Pointed } from './outgoingParts.ts'
import type { Reach } from './policy.ts'
import { Refusal } from './refusal.ts'

/** The conversation to which something is sent, and what whoever sends it may see. */
export type Place = { id: string; channelId: string; reach: Reach }

/** A file that is to go out: in the same channel, and here. */
export function fileIn({ files }: OutgoingParts, { channelId, reach }: Place, fileId: string): OutgoingFile {
  const file = files.get(fileId)
  if (file?.channelId !== channelId || !isSeen(file, reach))
    throw new Refusal('NOT_FOUND', 'There is no such file in this channel.')
  if (file.media.state !== 'stored') {
    const sentence = 'This file is not here. Choose another one, or fetch it again first.'
    throw new Refusal('MEDIA_UNUSABLE', sentence, { fileId, state: file.media.state })
  }
  return file
}

/** The message that is quoted or reacted to. WhatsApp knows it by its wamid, which it has once it was taken. */
export function pointed(
  { messages }: OutgoingParts,
  place: Place,
  id: string,
  field: string,
): Pointed & { wamid: string } {
  const message = messages.get(id)
  if (message?.conversationId !== place.id)
    throw new Refusal('NOT_FOUND', 'There is no such message in this conversation.')
  if (message.type === 'note') {
    const sentence = 'A private note is not on WhatsApp, so nothing can point to it there.'
    throw new Refusal('MESSAGE_INVALID', sentence, { field, problem: 'is_note' })
  }
  if (message.wamid === null) {
    const sentence = 'WhatsApp does not have that message yet. Try again when it has its first tick.'
    throw new Refusal('MESSAGE_INVALID', sentence, { field, problem: 'not_sent_yet' })
  }
  return { ...message, wamid: message.wamid }
}

/** What was shared in a conversation that somebody can not see is not theirs to pass on. */
function isSeen(file: OutgoingFile, reach: Reach): boolean {
  return file.conversationId === null
    ? reach.isWhole(file.channelId) || file.uploadedBy === reach.agentId
    : reach.covers(file)
}
