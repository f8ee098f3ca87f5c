import type { OutgoingContent } from '../../../../server/whatsapp/outgoingContent.ts'
import { beforeClose, isBeyond, laterChoices, pickedMoment, wallClock } from './laterTimes.ts'

/** What is to be sent later. */
export type Parcel = { content: OutgoingContent; quotedMessageId?: string }

type World = {
  now(): number
  /** End of the service window. */
  closesAt(): string | null
  parcel(): Parcel | null
  /** Null when it was taken, else why not. */
  schedule(parcel: Parcel, clientMessageId: string, sendAt: number): Promise<string | null>
  /** It waits on the server now: the composer may forget it. */
  taken(parcel: Parcel): void
}

/** The question when a message shall go out, and whether it may go out then. */
export class SendLater {
  #step = $state.raw<'pick' | 'beyond' | null>(null)
  #wall = $state.raw('')
  #at = $state.raw(0)
  #isBusy = $state.raw(false)
  #trouble = $state.raw<string | null>(null)
  #id = ''

  constructor(private readonly world: World) {}

  get step(): 'pick' | 'beyond' | null {
    return this.#step
  }

  get choices() {
    return laterChoices(this.world.now())
  }

  /** The moment in question. */
  get at(): number {
    return this.#at
  }

  get wall(): string {
    return this.#wall
  }

  set wall(wall: string) {
    this.#wall = wall
  }

  get picked() {
    return pickedMoment(this.#wall, this.world.now())
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get trouble(): string | null {
    return this.#trouble
  }

  get closesAt(): string | null {
    return this.world.closesAt()
  }

  /** Shortly before the window closes, while there is such a moment. */
  get before(): number | null {
    return beforeClose(this.world.closesAt(), this.world.now())
  }

  isBeyond(at: number): boolean {
    return this.world.parcel()?.content.kind !== 'template' && isBeyond(at, this.world.closesAt())
  }

  /** Asks for a moment. `at`: where the clock stands to begin with. */
  pick(at = this.choices[1]?.at ?? this.world.now()) {
    this.#begin()
    this.#wall = wallClock(at)
    this.#step = 'pick'
  }

  choose(at: number) {
    this.#begin()
    this.#at = at
    if (this.isBeyond(at)) this.#step = 'beyond'
    else void this.send(at)
  }

  choosePicked() {
    const { picked } = this
    if ('at' in picked) this.choose(picked.at)
  }

  close() {
    this.#step = null
    this.#trouble = null
  }

  /** For then, whatever the window. */
  async send(at: number) {
    const parcel = this.world.parcel()
    if (!parcel || this.#isBusy) return
    this.#isBusy = true
    this.#trouble = await this.world.schedule(parcel, this.#id, at)
    this.#isBusy = false
    if (this.#trouble !== null) {
      this.#at = at
      this.#wall = wallClock(at)
      this.#step ??= 'pick'
      return
    }
    this.#step = null
    this.world.taken(parcel)
  }

  #begin() {
    if (this.#step === null) this.#id = crypto.randomUUID()
    this.#trouble = null
  }
}
