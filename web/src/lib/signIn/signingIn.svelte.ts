import { askAuth, fieldOf } from '../api/askAuth.ts'
import { authInWords } from './authInWords.ts'

/** Password first; then the code of whoever has a second factor, or a recovery code in its place. */
export type SignInStep = 'password' | 'code' | 'recovery'

const OVER = new Set(['INVALID_TWO_FACTOR_COOKIE', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE'])

/** Somebody before the door. `enter…` answers with whether they are in. */
export class SigningIn {
  email = $state('')
  password = $state('')
  code = $state('')
  #step = $state.raw<SignInStep>('password')
  #trouble = $state.raw<string | null>(null)
  #isBusy = $state.raw(false)

  constructor(trouble: string | null = null) {
    this.#trouble = trouble
  }

  get step(): SignInStep {
    return this.#step
  }
  get trouble(): string | null {
    return this.#trouble
  }
  get isBusy(): boolean {
    return this.#isBusy
  }

  go(step: SignInStep, trouble: string | null = null) {
    this.#step = step
    this.#trouble = trouble
    this.code = ''
    if (step === 'password') this.password = ''
  }

  async enter(): Promise<boolean> {
    return this.#ask(async () => {
      const answer = await askAuth('/sign-in/email', { email: this.email, password: this.password })
      if (!answer.isDone) {
        this.#trouble = isUnreadable(answer)
          ? 'Enter the email address and the password of your account.'
          : authInWords(answer)
        return false
      }
      if (fieldOf(answer.body, 'twoFactorRedirect') !== true) return true
      this.go('code')
      return false
    })
  }

  async enterCode(): Promise<boolean> {
    return this.#ask(async () => {
      const isRecovery = this.#step === 'recovery'
      const path = isRecovery ? '/two-factor/verify-backup-code' : '/two-factor/verify-totp'
      const answer = await askAuth(path, {
        code: isRecovery ? recoveryCode(this.code) : this.code.replace(/\D/g, ''),
      })
      if (answer.isDone) return true
      const words = authInWords(answer)
      if (OVER.has(answer.code ?? '')) this.go('password', words)
      else this.#trouble = words
      this.code = ''
      return false
    })
  }

  /** Another way in, such as a passkey: says in words why it did not open. */
  async enterBy(way: () => Promise<string | null>): Promise<boolean> {
    return this.#ask(async () => {
      this.#trouble = await way()
      return this.#trouble === null
    })
  }

  async #ask(work: () => Promise<boolean>): Promise<boolean> {
    this.#isBusy = true
    this.#trouble = null
    try {
      return await work()
    } finally {
      this.#isBusy = false
    }
  }
}

/** As it is printed, however it was typed: `K7M2P X9QFA` is `k7m2p-x9qfa`. */
export function recoveryCode(typed: string): string {
  const signs = typed.toLowerCase().replace(/[^a-z0-9]/g, '')
  return `${signs.slice(0, 5)}-${signs.slice(5)}`
}

/** Nothing, or no address at all, was entered. */
const isUnreadable = ({ status, code }: { status: number | null; code: string | null }) =>
  status === 400 && code !== 'INVALID_EMAIL_OR_PASSWORD'
