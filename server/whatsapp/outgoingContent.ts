import type { ReplyButton } from './content.ts'

/** What an agent asks to be sent, before it was checked. What becomes of it is a `MessageContent` of the same kind. */
export type OutgoingContent =
  /** `preview` false: without the preview of its first link. */
  | { kind: 'text'; text: string; preview?: boolean | undefined }
  /** `fileId` is our id of the file, in `media`. */
  | {
      kind: 'image' | 'video' | 'audio' | 'document' | 'sticker'
      fileId: string
      caption?: string | undefined
      isVoice?: boolean | undefined
    }
  | ({ kind: 'location' } & OutgoingPlace)
  | { kind: 'contacts'; cards: OutgoingCard[] }
  | ({ kind: 'buttons'; buttons: ReplyButton[] } & Framed)
  | ({ kind: 'list'; button: string; sections: OutgoingSection[] } & Framed)
  | ({ kind: 'cta_url'; title: string; url: string } & Framed)
  | { kind: 'location_request'; text: string }
  | OutgoingTemplate

/** A reaction to one of the messages of the conversation; `emoji` null takes it back. */
export type OutgoingReaction = { kind: 'reaction'; messageId: string; emoji: string | null }

/** A template with what its variables are filled with. */
export type OutgoingTemplate = {
  kind: 'template'
  templateId: string
  header?: TemplateHeaderInput | undefined
  /** By variable: `1`, `2` … or their names. */
  body: Record<string, string>
  /** `value` is the end of a URL, a code to copy, or the payload of a quick reply. */
  buttons?: { index: number; value: string }[] | undefined
}

/** What the header of the template asks for: a text, a file, or a place. */
export type TemplateHeaderInput = {
  text?: string | undefined
  fileId?: string | undefined
  latitude?: number | undefined
  longitude?: number | undefined
  name?: string | undefined
  address?: string | undefined
}

type OutgoingPlace = {
  latitude: number
  longitude: number
  name?: string | undefined
  address?: string | undefined
}
type Framed = { text: string; header?: string | undefined; footer?: string | undefined }
type OutgoingCard = { name: string; phones: string[]; emails: string[]; organisation?: string | undefined }
type OutgoingSection = {
  title: string
  rows: { id: string; title: string; description?: string | undefined }[]
}
