import type { ConversationSnapshot, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'
import { phoneIn, phoneTrouble } from '../inbox/phoneNumber.ts'
import type { Template } from '../templates/template.ts'
import { TemplateDraft } from '../templates/templateDraft.svelte.ts'

type Channel = { id: string; name: string }
type Started = (conversation: ConversationSnapshot, message: MessageSnapshot) => void

/** Writing to a number first: whom, from which channel, with which template. */
export class Starting {
  phone = $state('')
  name = $state('')
  channelId = $state('')
  #draft = $state.raw<TemplateDraft | null>(null)
  #isBusy = $state.raw(false)
  #trouble = $state.raw<string | null>(null)
  /** The same for each try, so that a second press sends nothing twice. */
  readonly #clientMessageId = crypto.randomUUID()

  constructor(
    private readonly api: Api,
    readonly channels: readonly Channel[],
    private readonly started: Started,
  ) {
    this.channelId = channels[0]?.id ?? ''
  }

  get draft(): TemplateDraft | null {
    return this.#draft
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get trouble(): string | null {
    return this.#trouble
  }

  get phoneTrouble(): string | null {
    return phoneTrouble(this.phone)
  }

  /** What is still to be done, in one sentence; null: it can be sent. */
  get missing(): string | null {
    if (phoneIn(this.phone) === null) return 'Give the number, with its country code.'
    if (!this.#draft) return 'Choose a template.'
    return this.#draft.missing
  }

  /** Templates belong to a channel's account. */
  chooseChannel(id: string) {
    this.channelId = id
    this.drop()
  }

  choose(template: Template) {
    this.#trouble = null
    this.#draft = new TemplateDraft(template, this.channelId, this.name.trim() || null)
  }

  drop() {
    this.#draft?.dropFile()
    this.#draft = null
  }

  async send(): Promise<void> {
    const [phone, draft, name] = [phoneIn(this.phone), this.#draft, this.name.trim()]
    if (!phone || !draft || this.missing || this.#isBusy) return
    this.#isBusy = true
    this.#trouble = null
    try {
      const answer = await this.api.conversations.start.mutate({
        channelId: this.channelId,
        phone,
        clientMessageId: this.#clientMessageId,
        content: draft.content,
        ...(name && { name }),
      })
      this.started(answer.conversation, answer.message)
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
    this.#isBusy = false
  }
}
