import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'
import { SHORTEST_PASSWORD } from './shortestPassword.ts'

/** Somebody who replaces their own password. */
export class PasswordChange {
  oldPassword = $state('')
  newPassword = $state('')
  #trouble = $state.raw<string | null>(null)
  #isWorking = $state.raw(false)

  constructor(private readonly api: Pick<Api, 'passwords'>) {}

  get trouble(): string | null {
    return this.#trouble
  }
  get isWorking(): boolean {
    return this.#isWorking
  }
  get isTooShort(): boolean {
    return this.newPassword !== '' && this.newPassword.length < SHORTEST_PASSWORD
  }
  get canSave(): boolean {
    return this.oldPassword !== '' && this.newPassword.length >= SHORTEST_PASSWORD
  }

  /** How many other sessions ended; null: it was not changed, and `trouble` says why. */
  async save(): Promise<number | null> {
    if (!this.canSave || this.#isWorking) return null
    this.#isWorking = true
    this.#trouble = null
    try {
      const { oldPassword, newPassword } = this
      const { ended } = await this.api.passwords.change.mutate({ oldPassword, newPassword })
      return ended
    } catch (error) {
      this.#trouble = troubleOf(error).message
      return null
    } finally {
      this.#isWorking = false
    }
  }
}
