import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

export type Role = inferRouterOutputs<AppRouter>['roles']['list']['roles'][number]
export type RoleWish = inferRouterInputs<AppRouter>['roles']['save']

/** The roles there are, for those who manage them. */
export class Roles {
  #roles = $state.raw<readonly Role[] | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #isWorking = $state.raw(false)

  constructor(private readonly api: Api) {}

  /** Null: nothing was loaded yet. */
  get all(): readonly Role[] | null {
    return this.#roles
  }
  get trouble(): Trouble | null {
    return this.#trouble
  }
  get isWorking(): boolean {
    return this.#isWorking
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#roles = (await this.api.roles.list.query()).roles
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  /** Answers with the trouble, in words; null: it is done. */
  save(wish: RoleWish): Promise<string | null> {
    return this.#do(() => this.api.roles.save.mutate(wish))
  }
  remove(roleId: string): Promise<string | null> {
    return this.#do(() => this.api.roles.remove.mutate({ roleId }))
  }

  async #do(work: () => Promise<unknown>): Promise<string | null> {
    this.#isWorking = true
    try {
      await work()
      await this.load()
      return null
    } catch (error) {
      return troubleOf(error).message
    } finally {
      this.#isWorking = false
    }
  }
}
