import { askAuth, fieldOf, textOf } from '../api/askAuth.ts'
import { authInWords } from '../signIn/authInWords.ts'
import { creationOptions, madeKey, requestOptions, usedKey } from './webauthn.ts'

export type Passkey = {
  id: string
  name: string
  isBackedUp: boolean
  createdAt: string
  lastUsedAt: string | null
}

/** One's own passkeys. What changes them answers with the trouble, in words; null: it is done. */
export class Passkeys {
  #list = $state.raw<readonly Passkey[] | null>(null)
  #trouble = $state.raw<string | null>(null)

  /** Null: not known yet. */
  get list(): readonly Passkey[] | null {
    return this.#list
  }
  /** Why they could not be loaded. */
  get trouble(): string | null {
    return this.#trouble
  }

  async load(): Promise<void> {
    this.#trouble = await this.#read(askAuth('/passkey/list'))
  }

  /** The password first: a key opens the account for years. Then the browser asks its owner, and makes the key. */
  async add(password: string, name: string): Promise<string | null> {
    const asked = await askAuth('/passkey/add/begin', { password })
    if (!asked.isDone) return authInWords(asked)
    const made = await byTheBrowser(() =>
      navigator.credentials.create({ publicKey: creationOptions(asked.body) }),
    )
    if ('trouble' in made) return made.trouble
    const credential = madeKey(made.credential)
    if (credential === null) return NOT_MADE
    return this.#read(askAuth('/passkey/add/finish', { name, credential }))
  }

  rename(id: string, name: string): Promise<string | null> {
    return this.#read(askAuth('/passkey/rename', { id, name }))
  }

  remove(id: string): Promise<string | null> {
    return this.#read(askAuth('/passkey/remove', { id }))
  }

  async #read(asking: ReturnType<typeof askAuth>): Promise<string | null> {
    const answer = await asking
    if (!answer.isDone) return authInWords(answer)
    const list = fieldOf(answer.body, 'passkeys')
    this.#list = Array.isArray(list) ? list.map(passkeyIn) : []
    return null
  }
}

/** Signs in with a passkey of this browser, whoever's it is. Answers with the trouble, in words; null: they are in. */
export async function signInWithPasskey(): Promise<string | null> {
  const asked = await askAuth('/passkey/sign-in/begin', {})
  if (!asked.isDone) return authInWords(asked)
  const used = await byTheBrowser(() => navigator.credentials.get({ publicKey: requestOptions(asked.body) }))
  if ('trouble' in used) return used.trouble
  const credential = usedKey(used.credential)
  if (credential === null) return NOT_USED
  const answer = await askAuth('/passkey/sign-in/finish', { credential })
  return answer.isDone ? null : authInWords(answer)
}

const NOT_MADE =
  'No passkey was made. Your browser said no more about it; try again, or another way to keep it.'
const NOT_USED = 'No passkey was used. Try again, or sign in with your password.'
const HERE_ALREADY = 'This device or password manager has a passkey for your account already.'

async function byTheBrowser(
  ask: () => Promise<Credential | null>,
): Promise<{ credential: Credential | null } | { trouble: string }> {
  try {
    return { credential: await ask() }
  } catch (error) {
    const name = error instanceof DOMException ? error.name : ''
    if (name === 'InvalidStateError') return { trouble: HERE_ALREADY }
    return { trouble: 'Nothing was done: it was called off, or took too long. Try again when you are ready.' }
  }
}

function passkeyIn(one: unknown): Passkey {
  return {
    id: textOf(one, 'id') ?? '',
    name: textOf(one, 'name') ?? '',
    isBackedUp: fieldOf(one, 'isBackedUp') === true,
    createdAt: textOf(one, 'createdAt') ?? '',
    lastUsedAt: textOf(one, 'lastUsedAt'),
  }
}
