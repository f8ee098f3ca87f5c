/** What can happen in the simulator. The journal is a list of these, and the world is what they add up to. */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** A customer's message exactly as it stands in `messages[]` of the webhook. */
export type InboundMessage = JsonObject & { id: string; from: string; timestamp: string; type: string }

/** What the business asked for and the Graph API accepted. */
export interface AcceptedSend {
  type: string
  /** The object named by `type`: `{ body }` of a text, `{ name, language, … }` of a template. */
  content: JsonObject
  contextId?: string
  callbackData?: string
  /** Why WhatsApp took the message and will not deliver it. */
  failure?: { code: number; details?: string }
}

export type StatusName = 'sent' | 'delivered' | 'read' | 'played' | 'failed'

export interface MediaRecord {
  id: string
  mimeType: string
  /** Lowercase hex; webhooks carry the same digest as base64, as Meta's do. */
  sha256: string
  sizeBytes: number
  /** When WhatsApp forgets the file; files of older journals never go. */
  expiresAt?: number
  fileName?: string
  /** What the bytes say, where WhatsApp looks: sound channels of Ogg/Opus, movement of a sticker. */
  opusChannels?: number
  isAnimated?: boolean
}

/** What a business's template may turn into; `DELETED` takes it off the list. */
export interface TemplateChange {
  status?: TemplateStatus
  /** Why, in Meta's word: `INCORRECT_CATEGORY`, or nothing. */
  reason?: string
  quality?: TemplateQuality
  category?: TemplateCategory
  components?: JsonObject[]
}

export type TemplateStatus = 'APPROVED' | 'PENDING' | 'REJECTED' | 'PAUSED' | 'DISABLED' | 'DELETED'
export type TemplateQuality = 'GREEN' | 'YELLOW' | 'RED' | 'UNKNOWN'
export type TemplateCategory = 'UTILITY' | 'MARKETING' | 'AUTHENTICATION'

export type JournalEntry =
  | { kind: 'customer'; at: number; number: string; name: string }
  | { kind: 'setting'; at: number; number: string; autoRead?: boolean; windowClosed?: boolean }
  | { kind: 'opened'; at: number; number: string }
  | { kind: 'inbound'; at: number; number: string; message: InboundMessage }
  | { kind: 'accepted'; at: number; number: string; wamid: string; send: AcceptedSend }
  | { kind: 'status'; at: number; wamid: string; status: StatusName; errorCode?: number }
  | { kind: 'marked-read'; at: number; wamid: string; typing: boolean }
  | { kind: 'media'; at: number; media: MediaRecord }
  | { kind: 'media-deleted'; at: number; id: string }
  | { kind: 'preference'; at: number; id: string; number: string; value: 'stop' | 'resume' }
  | {
      kind: 'template'
      at: number
      id: string
      /** The template before the change: a deleted one is named all the same. */
      template: { id: string; name: string; language: string; category: TemplateCategory }
      change: TemplateChange
      previousQuality: TemplateQuality
    }
  | { kind: 'webhook'; at: number; keys: string[]; outcome: 'delivered' | 'dropped' }

/** The name of one webhook update, so that its delivery can be recorded. */
export function updateKey(entry: JournalEntry): string | undefined {
  if (entry.kind === 'inbound') return entry.message.id
  if (entry.kind === 'status') return `${entry.wamid}:${entry.status}`
  if (entry.kind === 'preference' || entry.kind === 'template') return entry.id
  return undefined
}
