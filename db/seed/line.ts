import type { MessageContent, MessageContext, MessageError } from '../../server/whatsapp/content.ts'
import type { DemoAgent, DemoCustomer } from './people.ts'

type Said = {
  /** How many minutes ago. */
  at: number
  content: MessageContent
  context?: MessageContext
  /** The name by which a later line quotes it or reacts to it. */
  as?: string
  quotes?: string
  reactsTo?: string
}
export type CustomerLine = Said & { from: 'customer' }
export type AgentLine = Said & { from: DemoAgent } & (
    | { status: 'sent' | 'delivered' | 'read' }
    | { status: 'failed'; error: MessageError }
  )
/** One message of a demo thread. */
export type Line = CustomerLine | AgentLine

export type DemoThread = {
  customer: DemoCustomer
  assignee?: DemoAgent
  isResolved?: boolean
  unread?: number
  lines: Line[]
}

/** What a customer writes. */
export function says(at: number, text: string, more: Pick<Line, 'as' | 'quotes' | 'context'> = {}): Line {
  return { from: 'customer', at, content: { kind: 'text', text }, ...more }
}

/** What an agent answers. */
export function answers(
  from: DemoAgent,
  at: number,
  text: string,
  status: 'sent' | 'delivered' | 'read' = 'read',
  more: Pick<Line, 'as' | 'quotes'> = {},
): Line {
  return { from, at, content: { kind: 'text', text }, status, ...more }
}

/** A file that a customer sent. Its bytes are not in the demo: what cannot be fetched any more has no media id. */
export function sends(
  at: number,
  kind: 'image' | 'audio' | 'document',
  file: { mimeType: string; caption?: string; filename?: string; isVoice?: boolean },
  more: Pick<Line, 'as'> = {},
): Line {
  return { from: 'customer', at, content: media(kind, file), ...more }
}

export function media(
  kind: 'image' | 'audio' | 'document',
  file: { mimeType: string; caption?: string; filename?: string; isVoice?: boolean },
): MessageContent {
  return {
    kind,
    mediaId: null,
    mimeType: file.mimeType,
    sha256: null,
    caption: file.caption ?? null,
    filename: file.filename ?? null,
    isVoice: file.isVoice ?? false,
    isAnimated: false,
  }
}
