import type { Api } from '../api/client.ts'
import { isAddress } from '../signIn/isAddress.ts'
import { OutsidePage } from '../signIn/outsidePage.svelte.ts'
import { pageLanguage } from '../words/language.ts'

/** Somebody who forgot their password. */
export class Forgotten extends OutsidePage<{ byMail: boolean }> {
  email = $state('')
  #askedFor = $state.raw<string | null>(null)

  constructor(private readonly api: Pick<Api, 'passwords'>) {
    super(() => api.passwords.ways.query())
  }

  /** Whether this inbox can send mail; null: nobody knows yet. */
  get byMail(): boolean | null {
    return this.answer?.byMail ?? null
  }
  /** The address that a link was asked for; nobody learns whether somebody has it. */
  get askedFor(): string | null {
    return this.#askedFor
  }

  async ask(): Promise<void> {
    const email = this.email.trim()
    await this.attempt(async () => {
      if (!isAddress(email)) return 'Enter the e-mail address that you sign in with.'
      await this.api.passwords.forgot.mutate({ email, language: pageLanguage() })
      this.#askedFor = email
      return null
    })
  }
}
