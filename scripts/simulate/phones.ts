import { type CustomerAct, choicesIn, customerAct, type ParsedAct, RefusedAct } from './act.ts'
import { between, type Chance } from './chance.ts'
import type { Channel } from './channel.ts'
import { parseNumber, userIdOf } from './customers.ts'
import type { InboundMessage, JsonObject, MediaRecord } from './entry.ts'
import type { History } from './history.ts'
import { newWamid } from './identity.ts'
import type { MediaStore } from './media/mediaStore.ts'
import { drawPicture } from './media/picture.ts'
import { recordVoice } from './media/voice.ts'
import { type LogRow, logOf, type Phone, phonesOf, type ThreadRow, threadOf } from './thread.ts'
import type { ThreadMessage } from './world.ts'

/** The customers' phones: what the page and the tests hold in their hands. */
export class Phones {
  constructor(
    private readonly history: History,
    private readonly channel: Channel,
    private readonly media: MediaStore,
    private readonly chance: Chance,
    /** The short-lived address that webhooks name for a file. */
    private readonly addressOf: (media: MediaRecord) => string,
  ) {}

  list(): Phone[] {
    return phonesOf(this.history.world)
  }

  thread(number: string): ThreadRow[] {
    return threadOf(this.history.world, this.known(number))
  }

  /** What the business got accepted, and what became of it; for one customer or for all. */
  log(number?: string): LogRow[] {
    return logOf(this.history.world, number)
  }

  /** Adds a customer, or gives the one with this number another name. Returns the number's digits. */
  add(name: string, typedNumber: string): string {
    const number = parseNumber(typedNumber)
    if (number === undefined) throw new RefusedAct('A number has 6 to 15 digits and its country code.')
    if (number === this.channel.displayNumber) throw new RefusedAct('This is the number of the business.')
    if (name.trim() === '') throw new RefusedAct('A customer needs a name.')
    this.history.record({ kind: 'customer', at: this.history.now(), number, name: name.trim() })
    return number
  }

  set(number: string, setting: { autoRead?: boolean; windowClosed?: boolean }): void {
    this.history.record({ kind: 'setting', at: this.history.now(), number: this.known(number), ...setting })
  }

  /** The customer looks at the thread: everything delivered becomes read. */
  open(number: string): void {
    this.history.record({ kind: 'opened', at: this.history.now(), number: this.known(number) })
  }

  /** The customer plays a voice message of the business for the first time. */
  play(wamid: string): void {
    const message = this.messageIn(wamid)
    const isVoice =
      message.author === 'business' && message.type === 'audio' && message.content.voice === true
    if (!isVoice || message.statuses.some((one) => one.status === 'played')) return
    this.history.record({ kind: 'status', at: this.history.now(), wamid, status: 'played' })
  }

  /** Does one thing as this customer; returns the new message's id. */
  async write(number: string, act: CustomerAct): Promise<string> {
    const parsed = customerAct.parse(act)
    this.known(number)
    const body = await this.describe(parsed, number)
    const at = this.history.now()
    const message: InboundMessage = {
      from: number,
      from_user_id: userIdOf(number),
      id: newWamid(number, 'customer'),
      timestamp: String(Math.floor(at / 1000)),
      ...body,
    }
    this.history.record({ kind: 'inbound', at, number, message })
    return message.id
  }

  private async describe(act: ParsedAct, number: string): Promise<JsonObject & { type: string }> {
    const context = 'quote' in act && act.quote ? { context: this.contextOf(act.quote, number) } : {}
    switch (act.type) {
      case 'text':
        return { ...context, type: 'text', text: { body: act.text } }
      case 'image': {
        const picture = await this.media.keep(drawPicture(this.chance), 'image/png')
        return {
          ...context,
          type: 'image',
          image: { ...this.file(picture), ...optional('caption', act.caption) },
        }
      }
      case 'voice': {
        const voice = await this.media.keep(recordVoice(act.seconds), 'audio/ogg; codecs=opus')
        return { ...context, type: 'audio', audio: { ...this.file(voice), voice: true } }
      }
      case 'location': {
        const { latitude, longitude, name, address } = act
        // Two shares from one place differ by a few metres, as they do on a real phone.
        const stray = between(this.chance, [-9, 9]) / 100_000
        const location = { latitude: latitude + stray, longitude, name, address }
        return { ...context, type: 'location', location }
      }
      case 'reaction':
        this.messageIn(act.to, number)
        // WhatsApp leaves the emoji out when a reaction is taken back.
        return {
          type: 'reaction',
          reaction: { message_id: act.to, ...optional('emoji', act.emoji || undefined) },
        }
      case 'choice':
        return this.describeChoice(act.to, act.id, number)
    }
  }

  private describeChoice(wamid: string, id: string, number: string): JsonObject & { type: string } {
    const message = this.messageIn(wamid, number)
    const choice = choicesIn(message.type, message.content).find((one) => one.id === id)
    if (!choice) throw new RefusedAct('This message offers no such choice.')
    const context = this.contextOf(wamid, number)
    const { title, kind, description } = choice
    if (kind === 'template') return { context, type: 'button', button: { payload: id, text: title } }
    const reply = { id, title, ...optional('description', description) }
    return { context, type: 'interactive', interactive: { type: kind, [kind]: reply } }
  }

  private contextOf(wamid: string, number: string): JsonObject {
    const author = this.messageIn(wamid, number).author
    return { from: author === 'business' ? this.channel.displayNumber : number, id: wamid }
  }

  private file(media: MediaRecord): JsonObject {
    const sha256 = Buffer.from(media.sha256, 'hex').toString('base64')
    return { mime_type: media.mimeType, sha256, id: media.id, url: this.addressOf(media) }
  }

  private known(number: string): string {
    if (!this.history.world.customers.has(number))
      throw new RefusedAct(`Nobody here has the number ${number}.`)
    return number
  }

  private messageIn(wamid: string, number?: string): ThreadMessage {
    const message = this.history.world.messages.get(wamid)
    if (!message || (number !== undefined && message.number !== number)) {
      throw new RefusedAct('There is no such message in this thread.')
    }
    return message
  }
}

function optional<Key extends string>(key: Key, value: string | undefined): { [key: string]: string } {
  return value === undefined ? {} : { [key]: value }
}
