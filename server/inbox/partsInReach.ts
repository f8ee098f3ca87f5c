import type { OutgoingFile, OutgoingParts, Pointed } from './outgoingParts.ts'
import { Refusal } from './refusal.ts'

/** The conversation to which something is sent. */
export type Place = { id: string; channelId: string }

/** A file that is to go out: in the same channel, and here. */
export function fileIn({ files }: OutgoingParts, { channelId }: Place, fileId: string): OutgoingFile {
  const file = files.get(fileId)
  if (file?.channelId !== channelId) throw new Refusal('NOT_FOUND', 'There is no such file in this channel.')
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
