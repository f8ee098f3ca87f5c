import type { Json, MessageContent, MessageContext, MessageError } from './content.ts'

/** A person as one delivery names them: at least one of the ids is there. */
export type Person = {
  phone: string | null
  userId: string | null
  parentUserId: string | null
  name: string | null
  username: string | null
}

export type DeliveredMessage = {
  wamid: string
  /** `out`: written in the WhatsApp Business app by a colleague (an echo), or earlier history. */
  direction: 'in' | 'out'
  /** Part of the history that a number brings along when it is connected: old, and nothing to notify of. */
  isHistory: boolean
  /** Of history: how far it had come. */
  historyStatus: string | null
  customer: Person
  groupId: string | null
  sentAt: Date
  type: string
  content: MessageContent
  body: string | null
  context: MessageContext | null
  /** The message that a reaction, an edit or a revocation is about. */
  targetWamid: string | null
  error: MessageError | null
  raw: Json
}

export type DeliveredStatus = {
  wamid: string
  status: string
  occurredAt: Date
  /** In a group: which member. '' in a conversation with one person. */
  participant: string
  /** What we sent along in `biz_opaque_callback_data`: the id of the attempt. */
  callbackData: string | null
  error: MessageError | null
  errors: Json
  details: Json
}

export type ChannelNews = { field: string; value: Json; occurredAt: Date | null; digest: string }

/** Where an item stood: the path is for people, the index orders items of one delivery. */
type Place = { path: string; index: number }

/** Which number a delivery is for. Account-level news names the business account only. */
export type Addressee = { phoneNumberId: string | null; businessAccountId: string | null }

/** Of a body of which nothing could be read. */
export const NOBODY: Addressee = { phoneNumberId: null, businessAccountId: null }

export type DeliveryItem = Place &
  (
    | { kind: 'message'; to: Addressee; message: DeliveredMessage }
    | { kind: 'status'; to: Addressee; status: DeliveredStatus }
    | { kind: 'news'; to: Addressee; news: ChannelNews }
    /** Something that should have been one of the above and can not be stored as such. */
    | { kind: 'malformed'; to: Addressee; reason: string; detail: string; item: Json }
  )
