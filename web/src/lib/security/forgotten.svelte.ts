import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { pageLanguage } from '../words/language.ts'

/** Somebody who forgot their password. */
export class Forgotten {
  email = $state('')
  #byMail = $state.raw<boolean | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #refused = $state.raw<string | null>(null)
  #isWorking = $state.raw(false)
  #askedFor = $state.raw<string | null>(null)

  constructor(private readonly api: Pick<Api, 'passwords'>) {}

  /** Whether this inbox can send mail; null: nobody knows yet. */
  get byMail(): boolean | null {
    return this.#byMail
  }
  /** Why that could not be found out. */
  get trouble(): Trouble | null {
    return this.#trouble
  }
  /** Why it could not be asked for. */
  get refused(): string | null {
    return this.#refused
  }
  get isWorking(): boolean {
    return this.#isWorking
  }
  /** The address that a link was asked for; nobody learns whether somebody has it. */
  get askedFor(): string | null {
    return this.#askedFor
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#byMail = (await this.api.passwords.ways.query()).byMail
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  async ask(): Promise<void> {
    const email = this.email.trim()
    if (this.#isWorking) return
    this.#refused = /^\S+@\S+\.\S+$/.test(email) ? null : 'Enter the e-mail address that you sign in with.'
    if (this.#refused !== null) return
    this.#isWorking = true
    try {
      await this.api.passwords.forgot.mutate({ email, language: pageLanguage() })
      this.#askedFor = email
    } catch (error) {
      this.#refused = troubleOf(error).message
    }
    this.#isWorking = false
  }
}
