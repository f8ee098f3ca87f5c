import type { Api } from '../api/client.ts'
import type { Trouble } from '../api/refusal.ts'
import { OutsidePage } from '../signIn/outsidePage.svelte.ts'
import { SHORTEST_PASSWORD } from './shortestPassword.ts'

/** Somebody who follows a link to a new password. */
export class Resetting extends OutsidePage<{ name: string; email: string }> {
  password = $state('')
  #wasTried = $state.raw(false)
  #isDone = $state.raw(false)

  constructor(
    private readonly api: Pick<Api, 'passwords'>,
    private readonly token: string,
  ) {
    super(() => api.passwords.link.query({ token }))
  }

  get whose(): { name: string; email: string } | null {
    return this.answer
  }
  get isDone(): boolean {
    return this.#isDone
  }
  /** Said after the first try. */
  get isTooShort(): boolean {
    return this.#wasTried && this.password.length < SHORTEST_PASSWORD
  }

  async set(): Promise<void> {
    this.#wasTried = true
    if (this.isTooShort) return
    const { token, password } = this
    await this.attempt(async () => {
      await this.api.passwords.reset.mutate({ token, password })
      this.#isDone = true
      return null
    })
  }

  /** The link was used meanwhile, or its hour is over. */
  protected override ends({ reason }: Trouble): boolean {
    return reason === 'NOT_FOUND'
  }
}
