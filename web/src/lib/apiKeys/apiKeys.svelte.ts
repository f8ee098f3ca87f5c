import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { ApiKeySnapshot } from '../../../../server/inbox/apiKey.ts'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

export type KeyAgent = inferRouterOutputs<AppRouter>['apiKeys']['list']['agents'][number]
export type KeyWish = inferRouterInputs<AppRouter>['apiKeys']['create']

/** The keys of programs, for administrators. Nothing tells of a change: they are read anew with each visit. */
export class ApiKeys {
  /** Null: nothing was loaded yet. */
  #keys = $state.raw<readonly ApiKeySnapshot[] | null>(null)
  #agents = $state.raw<readonly KeyAgent[]>([])
  #trouble = $state.raw<Trouble | null>(null)
  #revoking = $state.raw<ReadonlySet<string>>(new Set())
  #notRevoked = $state.raw<Trouble | null>(null)

  constructor(private readonly api: Api) {}

  get keys(): readonly ApiKeySnapshot[] | null {
    return this.#keys
  }

  /** Whom a key can act as. */
  get agents(): readonly KeyAgent[] {
    return this.#agents
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  /** Why the last key could not be revoked. */
  get notRevoked(): Trouble | null {
    return this.#notRevoked
  }

  isRevoking(id: string): boolean {
    return this.#revoking.has(id)
  }

  async load(): Promise<void> {
    this.#trouble = null
    this.#notRevoked = null
    try {
      const { apiKeys, agents } = await this.api.apiKeys.list.query()
      this.#keys = apiKeys
      this.#agents = agents
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  /** Gives the key itself, which can be read this once. @throws what the call throws */
  async create(wish: KeyWish): Promise<string> {
    const { apiKey, key } = await this.api.apiKeys.create.mutate(wish)
    this.#keys = [apiKey, ...(this.#keys ?? [])]
    return key
  }

  async revoke(id: string): Promise<void> {
    this.#notRevoked = null
    this.#revoking = new Set([...this.#revoking, id])
    try {
      const { apiKey } = await this.api.apiKeys.revoke.mutate({ id })
      this.#keys = (this.#keys ?? []).map((one) => (one.id === id ? apiKey : one))
    } catch (error) {
      this.#notRevoked = troubleOf(error)
    }
    this.#revoking = new Set([...this.#revoking].filter((one) => one !== id))
  }
}
