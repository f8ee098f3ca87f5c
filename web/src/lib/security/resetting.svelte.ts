import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { SHORTEST_PASSWORD } from './shortestPassword.ts'

/** Somebody who follows a link to a new password. */
export class Resetting {
  password = $state('')
  #whose = $state.raw<{ name: string; email: string } | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #refused = $state.raw<string | null>(null)
  #isWorking = $state.raw(false)
  #wasTried = $state.raw(false)
  #isDone = $state.raw(false)

  constructor(
    private readonly api: Pick<Api, 'passwords'>,
    private readonly token: string,
  ) {}

  get whose(): { name: string; email: string } | null {
    return this.#whose
  }
  /** Why the link can not be used. */
  get trouble(): Trouble | null {
    return this.#trouble
  }
  /** Why the password could not be set. */
  get refused(): string | null {
    return this.#refused
  }
  get isWorking(): boolean {
    return this.#isWorking
  }
  get isDone(): boolean {
    return this.#isDone
  }
  /** Said after the first try. */
  get isTooShort(): boolean {
    return this.#wasTried && this.password.length < SHORTEST_PASSWORD
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#whose = await this.api.passwords.link.query({ token: this.token })
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  async set(): Promise<void> {
    this.#wasTried = true
    if (this.isTooShort || this.#isWorking) return
    this.#isWorking = true
    this.#refused = null
    try {
      await this.api.passwords.reset.mutate({ token: this.token, password: this.password })
      this.#isDone = true
    } catch (error) {
      const trouble = troubleOf(error)
      if (trouble.reason === 'NOT_FOUND') this.#trouble = trouble
      else this.#refused = trouble.message
    }
    this.#isWorking = false
  }
}
