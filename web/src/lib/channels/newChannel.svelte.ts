import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { detailsOf, troubleOf } from '../api/refusal.ts'
import type { Channels } from '../inbox/channels.svelte.ts'

type Checked = inferRouterOutputs<AppRouter>['channels']['verify']
/** Where what stands in the way can be mended. */
export type ChannelField = 'phoneNumberId' | 'businessAccountId' | 'accessToken' | 'appSecret'

const DIGITS = /^\d{5,25}$/

/** Connecting a number: what is pasted, what WhatsApp says of it, and then how it is called and who answers it. */
export class NewChannel {
  phoneNumberId = $state('')
  businessAccountId = $state('')
  accessToken = $state('')
  appSecret = $state('')
  name = $state('')
  teamIds = $state.raw<readonly string[]>([])
  #checked = $state.raw<Checked | null>(null)
  #isWorking = $state.raw(false)
  #trouble = $state.raw<{ field: unknown; message: string } | null>(null)

  constructor(
    private readonly api: Api,
    private readonly channels: Channels,
  ) {}

  /** What WhatsApp says of the number; null before it was asked. */
  get checked(): Checked | null {
    return this.#checked
  }

  get isWorking(): boolean {
    return this.#isWorking
  }

  /** What is wrong with a field: what WhatsApp found, or what can be seen without it. */
  troubleOf(field: ChannelField): string | null {
    if (this.#trouble?.field === field) return this.#trouble.message
    const typed = this[field].trim()
    if (typed === '') return null
    if (field === 'accessToken' || field === 'appSecret')
      return /\s/.test(typed) ? 'There is a space or a line break in it. Copy it once more.' : null
    return DIGITS.test(typed) ? null : 'This is a number of digits only, without spaces or a plus.'
  }

  /** What no field is to blame for. */
  get trouble(): string | null {
    if (!this.#trouble) return null
    const { field, message } = this.#trouble
    // On the second page the fields are not seen any more.
    return this.#checked || typeof field !== 'string' ? message : null
  }

  get canAct(): boolean {
    if (this.#checked) return this.name.trim() !== ''
    const fields = ['phoneNumberId', 'businessAccountId', 'accessToken'] as const
    return fields.every((field) => this[field].trim() !== '') && this.#wrongFields === 0
  }

  get #wrongFields(): number {
    const fields = ['phoneNumberId', 'businessAccountId', 'accessToken', 'appSecret'] as const
    return fields.filter((field) => this.#trouble?.field !== field && this.troubleOf(field)).length
  }

  toggleTeam(id: string) {
    this.teamIds = this.teamIds.includes(id)
      ? this.teamIds.filter((one) => one !== id)
      : [...this.teamIds, id]
  }

  back() {
    this.#checked = null
    this.#trouble = null
  }

  async check(): Promise<void> {
    await this.#ask(async () => {
      const checked = await this.api.channels.verify.mutate(this.#pasted)
      this.#checked = checked
      if (this.name.trim() === '') this.name = checked.number.verifiedName ?? ''
    })
  }

  /** Gives the id of the channel; null when it was not connected. */
  async connect(): Promise<string | null> {
    let id: string | null = null
    await this.#ask(async () => {
      const { channel } = await this.api.channels.connect.mutate({
        ...this.#pasted,
        name: this.name.trim(),
        teamIds: [...this.teamIds],
      })
      this.channels.hold(channel)
      id = channel.id
    })
    return id
  }

  get #pasted() {
    const appSecret = this.appSecret.trim()
    return {
      phoneNumberId: this.phoneNumberId.trim(),
      businessAccountId: this.businessAccountId.trim(),
      accessToken: this.accessToken.trim(),
      appSecret: appSecret === '' ? null : appSecret,
    }
  }

  async #ask(work: () => Promise<void>): Promise<void> {
    this.#isWorking = true
    this.#trouble = null
    try {
      await work()
    } catch (error) {
      this.#trouble = { field: detailsOf(error).field, message: troubleOf(error).message }
    }
    this.#isWorking = false
  }
}
