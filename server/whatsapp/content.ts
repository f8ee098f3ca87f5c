/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

type MediaKind = 'image' | 'video' | 'audio' | 'document' | 'sticker'

/**
 * What a message carries, by kind. Parsed once at the edge from Meta's payload (shared facts §2.3), trusted from there on.
 * `unknown` is any kind that Meta invents after this was written: it is kept raw and shown as a labelled bubble.
 */
export type MessageContent =
  /** `preview` false: sent without the preview of its first link. */
  | { kind: 'text'; text: string; preview?: boolean }
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
      /** Of what an agent sends: our id of the file, in `media`. */
      fileId?: string
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
  /** Said among colleagues: WhatsApp never sees it. */
  | { kind: 'note'; text: string; mentions: { id: string; name: string }[] }
  | OutgoingOnly

/** What only an agent can send; answers to it come back as `interactive`, `button` or `location`. */
type OutgoingOnly =
  | ({ kind: 'buttons'; buttons: ReplyButton[] } & Framed)
  | ({ kind: 'list'; button: string; sections: ListSection[] } & Framed)
  | ({ kind: 'cta_url'; title: string; url: string } & Framed)
  | { kind: 'location_request'; text: string }
  | TemplateContent

/** The words around buttons, a list or a link. */
type Framed = { text: string; header: string | null; footer: string | null }

export type ReplyButton = { id: string; title: string }
export type ListSection = { title: string; rows: ListRow[] }
export type ListRow = { id: string; title: string; description: string | null }

/**
 * A template that was sent: `header`, `body`, `footer` and `buttons` as the customer sees them, with their variables filled
 * in, so that the thread needs no template to show it, and `filled` as WhatsApp gets it.
 */
export type TemplateContent = {
  kind: 'template'
  templateId: string
  name: string
  language: string
  category: string
  header: TemplateHeader | null
  body: string
  footer: string | null
  buttons: TemplateButton[]
  /** What the places of its variables were filled with; `name` null: by their order. */
  filled: {
    header: FilledPlace | null
    body: FilledPlace[]
    buttons: { index: number; type: 'url' | 'quick_reply' | 'copy_code'; value: string }[]
  }
}

export type FilledPlace = { name: string | null; text: string }

export type TemplateHeader =
  | { format: 'text'; text: string }
  | { format: 'image' | 'video' | 'document'; fileId: string; filename: string | null }
  | { format: 'location'; latitude: number; longitude: number; name: string | null; address: string | null }

/** `value` is where the button leads or what it copies: a URL, a phone number, a code. */
export type TemplateButton = { type: string; text: string; value: string | null }

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

/** Our id of the file that goes out with a message: its own, or the one in the header of a template. */
export function fileIdOf(content: MessageContent): string | null {
  if (content.kind === 'template')
    return content.header && 'fileId' in content.header ? content.header.fileId : null
  return 'fileId' in content ? (content.fileId ?? null) : null
}
