import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { type SignInOutcome, signIn } from '../api/session.ts'

export type Invitation = inferRouterOutputs<AppRouter>['people']['invitation']

const SHORTEST_PASSWORD = 10

/** Somebody who follows the link of an invitation. */
export class Accepting {
  name = $state('')
  email = $state('')
  password = $state('')
  #invitation = $state.raw<Invitation | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #refused = $state.raw<string | null>(null)
  #isWorking = $state.raw(false)
  #wasTried = $state.raw(false)

  constructor(
    private readonly api: Api,
    private readonly token: string,
    private readonly enter: (email: string, password: string) => Promise<SignInOutcome> = signIn,
  ) {}

  get invitation(): Invitation | null {
    return this.#invitation
  }
  /** Why the invitation can not be shown. */
  get trouble(): Trouble | null {
    return this.#trouble
  }
  /** Why it could not be accepted. */
  get refused(): string | null {
    return this.#refused
  }
  get isWorking(): boolean {
    return this.#isWorking
  }
  /** Said after the first try. */
  get missing(): { name?: string; email?: string; password?: string } {
    if (!this.#wasTried) return {}
    return {
      ...(this.name.trim() === '' ? { name: 'Say what your colleagues call you.' } : {}),
      ...(this.#invitation?.email === null && !/^\S+@\S+\.\S+$/.test(this.email.trim())
        ? { email: 'Give the address that you will sign in with.' }
        : {}),
      ...(this.password.length < SHORTEST_PASSWORD
        ? { password: `Use at least ${SHORTEST_PASSWORD} characters.` }
        : {}),
    }
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#invitation = await this.api.people.invitation.query({ token: this.token })
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  /** True: they are signed in. */
  async accept(): Promise<boolean> {
    this.#wasTried = true
    if (Object.keys(this.missing).length > 0 || this.#isWorking) return false
    this.#isWorking = true
    this.#refused = null
    try {
      const said = this.#invitation?.email === null ? this.email.trim() : null
      const wish = { token: this.token, name: this.name.trim(), email: said, password: this.password }
      const { email } = await this.api.people.acceptInvite.mutate(wish)
      const outcome = await this.enter(email, this.password)
      if (!outcome.signedIn) this.#refused = outcome.message
      return outcome.signedIn
    } catch (error) {
      this.#refused = troubleOf(error).message
      return false
    } finally {
      this.#isWorking = false
    }
  }
}
