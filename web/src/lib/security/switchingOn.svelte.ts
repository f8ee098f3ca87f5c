import { askAuth, textOf } from '../api/askAuth.ts'
import { authInWords } from '../signIn/authInWords.ts'
import { codesIn, type SecondFactor } from './secondFactor.svelte.ts'

/** Switching the second factor on: the password, the picture with the code that proves that it was read, the recovery codes. */
export type Stage = 'password' | 'picture' | 'codes'

export class SwitchingOn {
  password = $state('')
  code = $state('')
  #stage = $state.raw<Stage>('password')
  #uri = $state.raw('')
  #codes = $state.raw<string[]>([])
  #trouble = $state.raw<string | null>(null)
  #isBusy = $state.raw(false)

  constructor(private readonly secondFactor: SecondFactor) {}

  get stage(): Stage {
    return this.#stage
  }
  /** What the picture says: the key, for whom, and how codes are made of it. */
  get uri(): string {
    return this.#uri
  }
  /** The key as it is typed where there is no camera, in groups of four. */
  get key(): string {
    const key = URL.parse(this.#uri)?.searchParams.get('secret') ?? ''
    return key.match(/.{1,4}/g)?.join(' ') ?? ''
  }
  get codes(): readonly string[] {
    return this.#codes
  }
  get trouble(): string | null {
    return this.#trouble
  }
  get isBusy(): boolean {
    return this.#isBusy
  }

  async begin(): Promise<void> {
    const answer = await this.#ask('/two-factor/enable', { password: this.password })
    if (answer === null) return
    this.#uri = textOf(answer, 'totpURI') ?? ''
    this.#codes = codesIn(answer)
    this.password = ''
    this.#stage = 'picture'
  }

  async confirm(): Promise<void> {
    const answer = await this.#ask('/two-factor/confirm', { code: this.code.replace(/\D/g, '') })
    this.code = ''
    if (answer === null) return
    this.#stage = 'codes'
    await this.secondFactor.load()
  }

  async #ask(path: string, body: object): Promise<object | null> {
    this.#isBusy = true
    this.#trouble = null
    const answer = await askAuth(path, body)
    this.#isBusy = false
    if (answer.isDone) return Object(answer.body)
    this.#trouble = authInWords(answer)
    return null
  }
}
