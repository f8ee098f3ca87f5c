import { type CustomerAct, customerAct, RefusedAct } from './act.ts'
import type { Channel } from './channel.ts'
import {
  type ActRooms,
  customerMessage,
  type Described,
  type FileKind,
  fileMessage,
} from './customerMessage.ts'
import { parseNumber, userIdOf } from './customers.ts'
import type { InboundMessage } from './entry.ts'
import type { History } from './history.ts'
import { newUpdateId, newWamid } from './identity.ts'
import { duplicatesIn, type ReceivedFilter, type ReceivedRow, receivedBy } from './received.ts'
import { type Phone, phonesOf, type ThreadRow, threadOf } from './thread.ts'
import type { ReadMark, ThreadMessage } from './threadMessage.ts'

/** A file from a customer's own gallery. */
export interface OwnFile {
  kind: FileKind
  bytes: Uint8Array<ArrayBuffer>
  mimeType: string
  fileName?: string | undefined
  caption?: string | undefined
}

/** The customers' phones: what the page and the tests hold in their hands. */
export class Phones {
  private readonly rooms: ActRooms

  constructor(
    private readonly history: History,
    private readonly channel: Channel,
    rooms: Omit<ActRooms, 'messageIn' | 'displayNumber'>,
  ) {
    const messageIn = (wamid: string, number: string) => this.messageIn(wamid, number)
    this.rooms = { ...rooms, displayNumber: channel.displayNumber, messageIn }
  }

  list(): Phone[] {
    return phonesOf(this.history.world)
  }

  thread(number: string): ThreadRow[] {
    return threadOf(this.history.world, this.known(number))
  }

  /** What the business got accepted, and what became of it; for one customer or for all. */
  log(number?: string): ReceivedRow[] {
    return this.received({ number })
  }

  /** The same, read on from a position. */
  received(filter: ReceivedFilter): ReceivedRow[] {
    return receivedBy(this.history.world, filter)
  }

  /** What somebody got more than once: by the same attempt, and by the same content. */
  duplicates(number?: string): ReturnType<typeof duplicatesIn> {
    return duplicatesIn(this.history.world, number)
  }

  /** Each time the business marked messages as read, and whether it showed that somebody types. */
  readMarks(): readonly ReadMark[] {
    return this.history.world.readMarks
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

  /** The customer stops or resumes marketing in WhatsApp itself: the webhook's `user_preferences`. */
  prefer(number: string, value: 'stop' | 'resume'): void {
    const id = newUpdateId('preference')
    this.history.record({ kind: 'preference', at: this.history.now(), id, number: this.known(number), value })
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
    return this.say(number, await customerMessage(parsed, number, this.rooms))
  }

  /** Sends a file that the customer brings along, as it is. */
  async sendFile(number: string, { kind, caption, ...file }: OwnFile): Promise<string> {
    this.known(number)
    const media = await this.rooms.media.keep({ ...file, author: 'customer' })
    return this.say(number, fileMessage(kind, media, this.rooms.addressOf(media), caption))
  }

  private say(number: string, described: Described): string {
    const at = this.history.now()
    const message: InboundMessage = {
      from: number,
      from_user_id: userIdOf(number),
      id: newWamid(number, 'customer'),
      timestamp: String(Math.floor(at / 1000)),
      ...described,
    }
    this.history.record({ kind: 'inbound', at, number, message })
    return message.id
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
