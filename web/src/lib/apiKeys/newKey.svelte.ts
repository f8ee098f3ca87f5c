import type { Scope } from '../../../../server/inbox/apiKey.ts'
import { troubleOf } from '../api/refusal.ts'
import type { ApiKeys } from './apiKeys.svelte.ts'

const DAY_MS = 24 * 60 * 60 * 1000

/** How long a key may hold. `''`: until somebody revokes it. */
export const LIVES = [
  { days: '30', label: '30 days' },
  { days: '90', label: '90 days' },
  { days: '365', label: 'A year' },
  { days: '', label: 'Until it is revoked' },
]

/** A key that somebody is about to make, and then the key itself, for as long as the dialog stands. */
export class NewKey {
  name = $state('')
  agentId = $state('')
  days = $state('90')
  #scopes = $state.raw<readonly Scope[]>(['read'])
  #wasTried = $state.raw(false)
  #isWorking = $state.raw(false)
  #trouble = $state.raw<string | null>(null)
  #key = $state.raw<string | null>(null)

  constructor(
    private readonly apiKeys: ApiKeys,
    private readonly now: () => number = Date.now,
  ) {}

  get isWorking(): boolean {
    return this.#isWorking
  }

  /** The key, once it is made: it can be read nowhere else. */
  get key(): string | null {
    return this.#key
  }

  /** What is missing, said after the first try. */
  get missing(): { name?: string; agent?: string; scopes?: string } {
    if (!this.#wasTried) return {}
    return {
      ...(this.name.trim() === '' ? { name: 'Give it a name: what will use it?' } : {}),
      ...(this.agentId === '' ? { agent: 'Choose whom it acts as.' } : {}),
      ...(this.#scopes.length === 0 ? { scopes: 'Choose at least one.' } : {}),
    }
  }

  get trouble(): string | null {
    return this.#trouble
  }

  has(scope: Scope): boolean {
    return this.#scopes.includes(scope)
  }

  toggle(scope: Scope) {
    this.#scopes = this.has(scope) ? this.#scopes.filter((one) => one !== scope) : [...this.#scopes, scope]
  }

  async make(): Promise<void> {
    this.#wasTried = true
    if (Object.keys(this.missing).length > 0 || this.#isWorking) return
    this.#isWorking = true
    this.#trouble = null
    try {
      this.#key = await this.apiKeys.create({
        name: this.name.trim(),
        agentId: this.agentId,
        scopes: [...this.#scopes],
        expiresAt: this.days === '' ? null : new Date(this.now() + Number(this.days) * DAY_MS).toISOString(),
      })
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
    this.#isWorking = false
  }
}
