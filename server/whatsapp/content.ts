/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker'

/**
 * What a message carries, by kind. Parsed once at the edge from Meta's payload (shared facts §2.3), trusted from there on.
 * `unknown` is any kind that Meta invents after this was written: it is kept raw and shown as a labelled bubble.
 */
export type MessageContent =
  | { kind: 'text'; text: string }
  | {
      kind: MediaKind
      /** Meta's media id, valid for 7 days; null when the media could not be fetched by Meta. */
      mediaId: string | null
      mimeType: string | null
      sha256: string | null
      caption: string | null
      filename: string | null
      /** A voice note rather than an audio file. */
      isVoice: boolean
      isAnimated: boolean
    }
  | {
      kind: 'location'
      latitude: number
      longitude: number
      name: string | null
      address: string | null
    }
  | { kind: 'contacts'; cards: ContactCard[] }
  /** `emoji` null: the reaction was taken back. */
  | { kind: 'reaction'; targetWamid: string; emoji: string | null }
  /** An answer to buttons, a list or a flow; `title` is what the customer saw. */
  | {
      kind: 'interactive'
      reply: 'button' | 'list' | 'flow' | 'other'
      title: string
      id: string | null
      description: string | null
    }
  /** A quick-reply button of a template. */
  | { kind: 'button'; text: string; payload: string | null }
  | { kind: 'order'; text: string | null; itemCount: number; total: string | null }
  /** WhatsApp's own words about the customer. `newIds`: by which it knows them from now on, after a change of number. */
  | { kind: 'system'; text: string; event: string | null; newIds: string[] }
  /** New words for an earlier message; it keeps its old ones as history. */
  | { kind: 'edit'; targetWamid: string; content: MessageContent }
  /** An earlier message was taken back. */
  | { kind: 'revoke'; targetWamid: string }
  /** `type` is what WhatsApp says it was, when it says so. */
  | { kind: 'unsupported'; type: string | null; reason: string | null }
  | { kind: 'unknown'; type: string }

export type ContactCard = { name: string; phones: string[]; emails: string[]; organisation: string | null }

/** What stands around the content. */
export type MessageContext = {
  /** The message that this one quotes. */
  quotedWamid: string | null
  forwarded: 'once' | 'often' | null
  /** The ad or post that brought the customer here. */
  referral: {
    headline: string | null
    body: string | null
    sourceUrl: string | null
    sourceType: string | null
  } | null
}

/** An error as Meta words it; `code` is the one to decide on. */
export type MessageError = { code: number; title: string; details: string | null }
