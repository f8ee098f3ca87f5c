import type { MessageContent, MessageContext, MessageError } from '../whatsapp/content.ts'
import type { OutgoingContent } from '../whatsapp/outgoingContent.ts'
import type { TemplateButtonForm, TemplateHeaderForm, TemplateVariable } from '../whatsapp/templateForm.ts'
import type { RefusalReason } from './refusal.ts'
import type { MessageStatus } from './statusLadder.ts'

/** How the rows of the inbox look on the wire. Times are ISO 8601 in UTC, ids are strings. */

export type AgentName = { id: string; name: string }
export type TeamName = { id: string; name: string }

export type MessageSnapshot = {
  id: string
  conversationId: string
  /** The id that the sending client made up: its optimistic bubble is replaced by this message. */
  clientMessageId: string | null
  wamid: string | null
  /** `note`: said among colleagues, never sent. */
  direction: 'in' | 'out' | 'note'
  type: string
  /** Text, caption or title: what can be read without knowing the kind. */
  body: string | null
  content: MessageContent
  context: MessageContext | null
  /** Its file, as far as it has come; null when it has none. */
  media: MediaSnapshot | null
  status: MessageStatus
  /** Which attempt the status belongs to; a retry starts a new ladder. 0: none yet, or an incoming message. */
  attempt: number
  /** Why it failed; while it is queued again, why it was put off. */
  error: MessageError | null
  /** Put off by WhatsApp: queued again, and due then. */
  retryAt: string | null
  /** Of an `unknown` one: when somebody is to decide, unless a status has told by then. */
  decideAt: string | null
  /** When somebody put its failure aside, or left it uncertain. */
  dismissedAt: string | null
  /** An earlier attempt reached the customer after all: with this one delivered too, they have it twice. */
  wasDeliveredEarlier: boolean
  /** Who sent it from Baton; null for the customer, and for what was typed in the WhatsApp Business app. */
  agent: AgentName | null
  /** In a group: which member wrote. */
  authorName: string | null
  /** Order within the thread, compared as a string. */
  position: string
  sentAt: string
  /** It came more than an hour after it was sent. */
  isLate: boolean
  /** Set on a reaction, an edit and a revocation: the wamid of the message that it is about. */
  targetWamid: string | null
  /** Its newest words, when it was edited; the fields above keep those it was sent with. */
  edit: MessageEdit | null
  /** When it was taken back by whoever sent it. */
  revokedAt: string | null
}

export type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker'

/** A file: of a message, or uploaded and not sent yet. Its bytes are at `/media/{id}` once it is stored. */
export type MediaSnapshot = {
  id: string
  kind: MediaKind
  state: MediaState
  /** What the bytes say it is; before they are here, what its sender said. */
  type: string | null
  filename: string | null
  sizeBytes: number | null
  /** In pixels, as it is shown. */
  width: number | null
  height: number | null
  durationSeconds: number | null
  /** Peaks of a voice note, 0 to 100. */
  waveform: number[] | null
  /** Whether `/media/{id}?thumbnail=1` has a small picture. */
  hasThumbnail: boolean
  /** Why it could not be fetched, in a stable word. */
  failure: string | null
}

/** `expired`: WhatsApp has deleted it, and nothing brings it back. */
export type MediaState = 'waiting' | 'fetching' | 'stored' | 'failed' | 'expired'

export type MessageEdit = { body: string | null; content: MessageContent; position: string; editedAt: string }

/** The present reaction of one person to a message. `emoji` null: taken back. */
export type ReactionSnapshot = {
  targetWamid: string
  actor: string
  emoji: string | null
  position: string
}

/** A WhatsApp number of the company, with its settings. */
export type ChannelSnapshot = {
  id: string
  name: string
  displayPhoneNumber: string
  /** Messages a second that Meta lets it handle, in and out together. */
  throughputPerSecond: number
  readReceipts: 'when_opened' | 'when_answered' | 'never'
  /** Who sees its conversations: every team that answers it, or only the team or agent that each one is assigned to. */
  visibility: 'channel' | 'assigned'
  /** Messages older than so many days are removed; null: they are kept. */
  retentionDays: number | null
  /** Words that, alone in a message, end marketing to whoever wrote them. */
  stopWords: string[]
  /** Set while nothing goes out: what is sent waits in line. */
  stoppedAt: string | null
  /** Set when it was removed: its conversations can be read, and nothing is sent on it. */
  archivedAt: string | null
  stopError: MessageError | null
}

export type ContactSnapshot = {
  id: string
  kind: 'person' | 'group'
  /** What the team calls them, else the name of their profile, else null: show the phone, else the username. */
  name: string | null
  phone: string | null
  username: string | null
  /** Set while they want no marketing: templates of that category are refused. */
  optedOutAt: string | null
}

export type LastMessage = Pick<
  MessageSnapshot,
  'id' | 'direction' | 'type' | 'body' | 'content' | 'status' | 'attempt' | 'sentAt'
> & { agentName: string | null; isRevoked: boolean }

export type ConversationSnapshot = {
  id: string
  channelId: string
  contact: ContactSnapshot
  status: 'open' | 'snoozed' | 'resolved'
  /** When a snoozed one wakes by itself; null while it is snoozed: as soon as the customer writes. */
  snoozedUntil: string | null
  assignee: AgentName | null
  team: TeamName | null
  /** Their names and colours are in `labels.list`. */
  labelIds: string[]
  unreadCount: number
  lastMessage: LastMessage | null
  /** Sorts the list, newest first; '' before the first message. */
  lastPosition: string
  /** End of the 24-hour service window; null when the customer never wrote. */
  windowClosesAt: string | null
  /** End of the 72 hours free of charge after an ad or a page button. It does not open the service window. */
  freeEntryEndsAt: string | null
  /** Grows with each change: keep the snapshot with the higher one. */
  version: number
  createdAt: string
}

/** What is to be sent later. */
export type ScheduledSnapshot = {
  id: string
  conversationId: string
  clientMessageId: string
  /** In whose name. */
  agent: AgentName
  content: OutgoingContent
  quotedMessageId: string | null
  sendAt: string
  /** `refused`: it could not be sent, and waits for somebody to see that. */
  state: 'scheduled' | 'sending' | 'sent' | 'refused' | 'cancelled'
  refusal: { reason: RefusalReason; message: string } | null
  /** The window will be closed by then, unless the customer writes before: as it stands, it will be refused. */
  isBeyondWindow: boolean
  /** The message that it became. */
  messageId: string | null
  createdAt: string
}

/** A word that conversations are marked with. */
export type LabelSnapshot = { id: string; name: string; colour: LabelColour }

/** The palette of labels: words, so that dark and light each show them in their own way. */
export const LABEL_COLOURS = [
  'grey',
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'purple',
  'pink',
] as const
export type LabelColour = (typeof LABEL_COLOURS)[number]

/** A message template as the picker needs it: parsed, with the places that have to be filled. */
export type TemplateSnapshot = {
  id: string
  name: string
  language: string
  category: string
  /** As Meta says it: APPROVED, PENDING, REJECTED, PAUSED, DISABLED … */
  status: string
  quality: string | null
  parameterFormat: 'positional' | 'named'
  header: TemplateHeaderForm | null
  /** With its places as `{{1}}` or `{{first_name}}`. */
  body: { text: string; variables: TemplateVariable[] }
  footer: string | null
  buttons: TemplateButtonForm[]
  /** Why it can not be sent, in plain words; null: it can. */
  unusable: string | null
}
