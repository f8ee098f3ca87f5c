import type { MediaSnapshot, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { TemplateContent } from '../../../../server/whatsapp/content.ts'
import type { OutgoingTemplate } from '../../../../server/whatsapp/outgoingContent.ts'
import type { DraftKind } from '../composing/draftMerge.ts'
import { Tray } from '../media/tray.svelte.ts'
import { VoiceDraft } from '../media/voiceDraft.svelte.ts'
import type { OutgoingParts } from './outgoing.ts'
import { type PlainOutgoing, shownAs } from './shownAs.ts'

/** What the "+" of the composer offers, each with a small form. */
export type ComposerForm = 'location' | 'contacts' | 'buttons' | 'list' | 'cta_url' | 'location_request'

export type Deliver = (body: string, parts?: OutgoingParts) => void

/**
 * What is being put together in one conversation beside its words (those are a draft, and outlive the tab): files, a
 * recording, the message that is quoted, the form that is open. It outlives a change of conversation.
 */
export class Composition {
  readonly tray: Tray
  readonly voice: VoiceDraft
  #quoted = $state.raw<MessageSnapshot | null>(null)
  #form = $state.raw<ComposerForm | null>(null)
  #isTemplateOpen = $state.raw(false)
  #kind = $state.raw<DraftKind>('reply')
  #hasPreview = $state.raw(true)
  #deliver: Deliver = () => {}

  constructor(channelId: string) {
    this.tray = new Tray(channelId, ({ kind, media, caption }) =>
      this.send({ kind, fileId: media.id, ...(caption && { caption }) }, media),
    )
    this.voice = new VoiceDraft(channelId, (media) =>
      this.send({ kind: 'audio', fileId: media.id, isVoice: true }, media),
    )
  }

  /** The message that the next one answers. */
  get quoted(): MessageSnapshot | null {
    return this.#quoted
  }

  get form(): ComposerForm | null {
    return this.#form
  }

  /** Templates were asked for while the window is open. */
  get isTemplateOpen(): boolean {
    return this.#isTemplateOpen
  }

  /** Something would be lost with the tab. */
  get isHeld(): boolean {
    return this.tray.files.length > 0 || this.voice.recorder.recording !== null
  }

  /** Whether an answer or a private note is being written. */
  get kind(): DraftKind {
    return this.#kind
  }

  /** Whether WhatsApp shows a picture of the page that the next text links to. */
  get hasPreview(): boolean {
    return this.#hasPreview
  }

  /** A recording does not go on unseen. */
  write(kind: DraftKind) {
    this.#kind = kind
    if (kind === 'note') this.voice.recorder.stop()
  }

  preview(hasPreview: boolean) {
    this.#hasPreview = hasPreview
  }

  /** Answering a message is no note. */
  quote(message: MessageSnapshot | null) {
    this.#quoted = message
    if (message) this.#kind = 'reply'
  }

  open(form: ComposerForm) {
    this.#form = form
  }

  close() {
    this.#form = null
  }

  openTemplates(isOpen: boolean) {
    this.#isTemplateOpen = isOpen
    if (isOpen) this.#kind = 'reply'
  }

  /** The conversation was opened; what it puts together goes this way from now on. */
  deliverTo(deliver: Deliver) {
    this.#deliver = deliver
  }

  /** Whether the next text is its words only: it answers no message, and keeps the preview of its link. */
  get isPlain(): boolean {
    return this.#quoted === null && this.#hasPreview
  }

  sendText(text: string) {
    if (this.isPlain) this.#deliver(text)
    else this.send({ kind: 'text', text, ...(!this.#hasPreview && { preview: false }) })
  }

  send(content: PlainOutgoing, media: MediaSnapshot | null = null) {
    const { shown, body } = shownAs(content, media)
    this.#give(body, { content, shown, media, quoted: this.#pointer() })
  }

  sendTemplate(content: OutgoingTemplate, shown: TemplateContent, media: MediaSnapshot | null) {
    this.#give(shown.body, { content, shown, media, quoted: null })
    this.#isTemplateOpen = false
  }

  #pointer(): OutgoingParts['quoted'] {
    return this.#quoted && { messageId: this.#quoted.id, wamid: this.#quoted.wamid }
  }

  /** Only what goes out first answers the quoted message. The device keeps plain values, not proxies. */
  #give(body: string, parts: OutgoingParts) {
    this.#quoted = null
    this.#hasPreview = true
    this.#deliver(body, $state.snapshot(parts) as OutgoingParts)
  }
}
