import { troubleOf } from '../api/refusal.ts'
import type { Members } from './members.svelte.ts'
import { choiceOf, keyOfRole } from './roleChoice.ts'

/** An invitation that somebody is about to make, and then its link, for as long as the dialog stands. */
export class NewInvite {
  email = $state('')
  roleKey = $state('agent')
  #teamIds = $state.raw<readonly string[]>([])
  #isWorking = $state.raw(false)
  #trouble = $state.raw<string | null>(null)
  #link = $state.raw<string | null>(null)

  constructor(
    private readonly members: Members,
    private readonly origin: string,
  ) {}

  get teamIds(): readonly string[] {
    return this.#teamIds
  }
  get isWorking(): boolean {
    return this.#isWorking
  }
  get trouble(): string | null {
    return this.#trouble
  }
  /** It can be read nowhere else. */
  get link(): string | null {
    return this.#link
  }

  toggleTeam(id: string) {
    this.#teamIds = this.#teamIds.includes(id)
      ? this.#teamIds.filter((one) => one !== id)
      : [...this.#teamIds, id]
  }

  async make(): Promise<void> {
    const offer = this.members.roles.find((role) => keyOfRole(role) === this.roleKey)
    if (!offer || this.#isWorking) return
    this.#isWorking = true
    this.#trouble = null
    try {
      const email = this.email.trim() || null
      const token = await this.members.invite({ email, role: choiceOf(offer), teamIds: [...this.#teamIds] })
      this.#link = `${this.origin}/invite/${token}`
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
    this.#isWorking = false
  }
}
