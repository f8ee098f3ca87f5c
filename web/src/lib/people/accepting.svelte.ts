import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type SignInOutcome, signIn } from '../api/session.ts'
import { SHORTEST_PASSWORD } from '../security/shortestPassword.ts'
import { isAddress } from '../signIn/isAddress.ts'
import { OutsidePage } from '../signIn/outsidePage.svelte.ts'

export type Invitation = inferRouterOutputs<AppRouter>['people']['invitation']

/** Somebody who follows the link of an invitation. */
export class Accepting extends OutsidePage<Invitation> {
  name = $state('')
  email = $state('')
  password = $state('')
  #wasTried = $state.raw(false)

  constructor(
    private readonly api: Api,
    private readonly token: string,
    private readonly enter: (email: string, password: string) => Promise<SignInOutcome> = signIn,
  ) {
    super(() => api.people.invitation.query({ token }))
  }

  get invitation(): Invitation | null {
    return this.answer
  }
  /** Said after the first try. */
  get missing(): { name?: string; email?: string; password?: string } {
    if (!this.#wasTried) return {}
    return {
      ...(this.name.trim() === '' ? { name: 'Say what your colleagues call you.' } : {}),
      ...(this.answer?.email === null && !isAddress(this.email)
        ? { email: 'Give the address that you will sign in with.' }
        : {}),
      ...(this.password.length < SHORTEST_PASSWORD
        ? { password: `Use at least ${SHORTEST_PASSWORD} characters.` }
        : {}),
    }
  }

  /** True: they are signed in. */
  async accept(): Promise<boolean> {
    this.#wasTried = true
    if (Object.keys(this.missing).length > 0) return false
    return this.attempt(async () => {
      const said = this.answer?.email === null ? this.email.trim() : null
      const wish = { token: this.token, name: this.name.trim(), email: said, password: this.password }
      const { email } = await this.api.people.acceptInvite.mutate(wish)
      const outcome = await this.enter(email, this.password)
      return outcome.signedIn ? null : outcome.message
    })
  }
}
