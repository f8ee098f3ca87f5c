import type { MessageError } from '../whatsapp/content.ts'
import type {
  ChannelSnapshot,
  ConversationSnapshot,
  LabelSnapshot,
  MessageSnapshot,
  ReactionSnapshot,
  ScheduledSnapshot,
} from './snapshot.ts'
import type { OutgoingStatus } from './statusLadder.ts'

/** What the event log holds: small, typed, enough for a client to go on without asking again. */
export type InboxEvent =
  | {
      type: 'message.added'
      message: MessageSnapshot
      conversation: ConversationSnapshot
      /** Set when the message is a reaction. */
      reaction: ReactionSnapshot | null
    }
  | {
      type: 'message.status'
      conversationId: string
      messageId: string
      attempt: number
      status: OutgoingStatus
      error: MessageError | null
      wamid: string | null
      /** As in the message; events of earlier versions have neither. */
      retryAt?: string | null
      decideAt?: string | null
    }
  /** It was edited, taken back, or what was missing of it has come. */
  | { type: 'message.changed'; message: MessageSnapshot; conversation: ConversationSnapshot }
  | { type: 'conversation.changed'; conversation: ConversationSnapshot }
  /** It became part of the conversation `into`, which is told of in an event of its own. */
  | { type: 'conversation.joined'; conversationId: string; into: string }
  /** Everything of it was erased, with its contact: drop what you hold of it, and say so to whoever had it open. */
  | { type: 'conversation.erased'; conversationId: string }
  /** Older than the channel keeps messages, or erased with whoever wrote them: drop them. */
  | { type: 'messages.removed'; conversationId: string; messageIds: string[] }
  /** Its settings, or whether it can send. Goes to everybody who may see the channel. */
  | { type: 'channel.changed'; channel: ChannelSnapshot }
  /** It was scheduled, called off, sent, or could not be sent. */
  | { type: 'scheduled.changed'; scheduled: ScheduledSnapshot }
  /** Its conversation was given to somebody else, and is not yours to see any more: drop what you hold of it. Made by the feed. */
  | { type: 'conversation.withdrawn'; conversationId: string }
  /** All labels of the workspace, as they are now. An id that is not among them any more shows nothing. */
  | { type: 'labels.changed'; labels: LabelSnapshot[] }
  /** Who is here, what they may, and which team answers which channel: ask again, also who you are yourself. */
  | { type: 'people.changed' }
  /** Ask for them again. */
  | { type: 'cannedReplies.changed' }
  /** This agent has seen the notes of this conversation that mention them. */
  | { type: 'mentions.read'; conversationId: string; agentId: string }

/** What a subscriber of `live.feed` gets; `seq` is the cursor to resume from. */
export type FeedItem =
  | { seq: string; type: 'event'; event: InboxEvent }
  /** Nothing for you, but the log went on to here. */
  | { seq: string; type: 'cursor' }
  /** What you hold within `scope` can not be continued: drop it and load it anew; the feed goes on from `seq`. */
  | {
      seq: string
      type: 'resync'
      reason: 'cursor_too_old' | 'log_rebuilt' | 'access_changed'
      scope: ResyncScope
    }

/** Everything, or some channels that came within reach of the agent or fell out of it; then nothing of others was missed. */
export type ResyncScope = 'all' | { channelIds: string[] }
