import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { type SignInOutcome, signIn } from '../api/session.ts'
import { SHORTEST_PASSWORD } from '../security/shortestPassword.ts'

/** The first owner, who follows the link that the server printed. */
export class Founding {
  workspaceName = $state('')
  name = $state('')
  email = $state('')
  password = $state('')
  #isOpen = $state.raw(false)
  #trouble = $state.raw<Trouble | null>(null)
  #refused = $state.raw<string | null>(null)
  #isWorking = $state.raw(false)
  #wasTried = $state.raw(false)

  constructor(
    private readonly api: Pick<Api, 'setup'>,
    private readonly token: string,
    private readonly enter: (email: string, password: string) => Promise<SignInOutcome> = signIn,
  ) {}

  /** The link is right, and the form can be filled in. */
  get isOpen(): boolean {
    return this.#isOpen
  }
  /** Why the link can not be used. */
  get trouble(): Trouble | null {
    return this.#trouble
  }
  /** Why it could not be done. */
  get refused(): string | null {
    return this.#refused
  }
  get isWorking(): boolean {
    return this.#isWorking
  }
  /** Said after the first try. */
  get missing(): { workspaceName?: string; name?: string; email?: string; password?: string } {
    if (!this.#wasTried) return {}
    return {
      ...(this.workspaceName.trim() === '' ? { workspaceName: 'Say what your company is called.' } : {}),
      ...(this.name.trim() === '' ? { name: 'Say what your colleagues call you.' } : {}),
      ...(/^\S+@\S+\.\S+$/.test(this.email.trim())
        ? {}
        : { email: 'Give the address that you will sign in with.' }),
      ...(this.password.length < SHORTEST_PASSWORD
        ? { password: `Use at least ${SHORTEST_PASSWORD} characters.` }
        : {}),
    }
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      const { workspaceName } = await this.api.setup.link.query({ token: this.token })
      this.workspaceName = workspaceName ?? ''
      this.#isOpen = true
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  /** True: they are signed in. */
  async found(): Promise<boolean> {
    this.#wasTried = true
    if (Object.keys(this.missing).length > 0 || this.#isWorking) return false
    this.#isWorking = true
    this.#refused = null
    try {
      const { token, password } = this
      const named = { workspaceName: this.workspaceName.trim(), name: this.name.trim() }
      const wish = { token, ...named, email: this.email.trim(), password }
      const { email } = await this.api.setup.found.mutate(wish)
      const outcome = await this.enter(email, password)
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
