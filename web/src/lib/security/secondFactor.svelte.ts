import { askAuth, fieldOf } from '../api/askAuth.ts'
import { authInWords } from '../signIn/authInWords.ts'

/** How one's own second factor stands, and what changes it with the password alone. */
export class SecondFactor {
  #state = $state.raw<{ isOn: boolean; codesLeft: number } | null>(null)
  #trouble = $state.raw<string | null>(null)

  /** Null: not known yet. */
  get isOn(): boolean | null {
    return this.#state?.isOn ?? null
  }
  get codesLeft(): number {
    return this.#state?.codesLeft ?? 0
  }
  /** Why it could not be loaded. */
  get trouble(): string | null {
    return this.#trouble
  }

  async load(): Promise<void> {
    this.#trouble = null
    const answer = await askAuth('/two-factor/state')
    if (!answer.isDone) {
      this.#trouble = authInWords(answer)
      return
    }
    const codesLeft = Number(fieldOf(answer.body, 'codesLeft'))
    this.#state = { isOn: fieldOf(answer.body, 'isOn') === true, codesLeft }
  }

  /** Answers with the trouble, in words; null: it is off. */
  async switchOff(password: string): Promise<string | null> {
    const answer = await askAuth('/two-factor/off', { password })
    if (!answer.isDone) return authInWords(answer)
    await this.load()
    return null
  }

  /** New recovery codes in place of the old ones, or the trouble in words. */
  async renewCodes(password: string): Promise<{ codes: string[] } | { trouble: string }> {
    const answer = await askAuth('/two-factor/generate-backup-codes', { password })
    if (!answer.isDone) return { trouble: authInWords(answer) }
    void this.load()
    return { codes: codesIn(answer.body) }
  }
}

/** The recovery codes of an answer. */
export function codesIn(body: unknown): string[] {
  const codes = fieldOf(body, 'backupCodes')
  return Array.isArray(codes) ? codes.filter((code) => typeof code === 'string') : []
}
