import { signOut, tellSignedOut } from '../api/session.ts'
import type { Session } from './session.svelte.ts'

/** Signing out: asks first when messages wait that would be lost, and says so when the server cannot be told. */
export class Leaving {
  isAsking = $state(false)
  #isBusy = $state.raw(false)
  #trouble = $state.raw<string | null>(null)

  constructor(
    private readonly session: Pick<
      Session,
      'baton' | 'outbox' | 'drafts' | 'compositions' | 'forget' | 'stop'
    >,
    private readonly left: () => unknown,
  ) {}

  get isBusy(): boolean {
    return this.#isBusy
  }

  get trouble(): string | null {
    return this.#trouble
  }

  /** How many messages would be lost. */
  get unsent(): number {
    return this.session.outbox.unsent.length
  }

  /** Files, recordings or forms that were begun: they are in this tab only. */
  get hasBegun(): boolean {
    return this.session.compositions.isAnyHeld
  }

  ask() {
    this.#trouble = null
    if (this.unsent > 0 || this.hasBegun) this.isAsking = true
    else void this.leave()
  }

  async leave() {
    this.#isBusy = true
    await Promise.all([this.session.baton.letGo(), this.session.drafts.saveAll()])
    const isOut = await signOut()
    this.#isBusy = false
    if (!isOut) {
      this.#trouble =
        'The server cannot be reached, so you are still signed in. Try again when you are back online.'
      this.isAsking = true
      return
    }
    this.session.stop()
    tellSignedOut()
    await this.session.forget()
    this.isAsking = false
    await this.left()
  }
}
