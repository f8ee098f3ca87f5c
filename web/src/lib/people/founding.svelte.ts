import type { Api } from '../api/client.ts'
import { type SignInOutcome, signIn } from '../api/session.ts'
import { SHORTEST_PASSWORD } from '../security/shortestPassword.ts'
import { isAddress } from '../signIn/isAddress.ts'
import { OutsidePage } from '../signIn/outsidePage.svelte.ts'

/** The first owner, who follows the link that the server printed. */
export class Founding extends OutsidePage<{ workspaceName: string | null }> {
  workspaceName = $state('')
  name = $state('')
  email = $state('')
  password = $state('')
  #wasTried = $state.raw(false)

  constructor(
    private readonly api: Pick<Api, 'setup'>,
    private readonly token: string,
    private readonly enter: (email: string, password: string) => Promise<SignInOutcome> = signIn,
  ) {
    super(() => api.setup.link.query({ token }))
  }

  /** The link is right, and the form can be filled in. */
  get isOpen(): boolean {
    return this.answer !== null
  }
  /** Said after the first try. */
  get missing(): { workspaceName?: string; name?: string; email?: string; password?: string } {
    if (!this.#wasTried) return {}
    return {
      ...(this.workspaceName.trim() === '' ? { workspaceName: 'Say what your company is called.' } : {}),
      ...(this.name.trim() === '' ? { name: 'Say what your colleagues call you.' } : {}),
      ...(isAddress(this.email) ? {} : { email: 'Give the address that you will sign in with.' }),
      ...(this.password.length < SHORTEST_PASSWORD
        ? { password: `Use at least ${SHORTEST_PASSWORD} characters.` }
        : {}),
    }
  }

  override async load(): Promise<void> {
    await super.load()
    this.workspaceName = this.answer?.workspaceName ?? ''
  }

  /** True: they are signed in. */
  async found(): Promise<boolean> {
    this.#wasTried = true
    if (Object.keys(this.missing).length > 0) return false
    return this.attempt(async () => {
      const { token, password } = this
      const named = { workspaceName: this.workspaceName.trim(), name: this.name.trim() }
      const wish = { token, ...named, email: this.email.trim(), password }
      const { email } = await this.api.setup.found.mutate(wish)
      const outcome = await this.enter(email, password)
      return outcome.signedIn ? null : outcome.message
    })
  }
}
