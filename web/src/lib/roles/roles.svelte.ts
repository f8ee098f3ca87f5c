import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { Managed } from '../settings/managed.svelte.ts'

export type Role = inferRouterOutputs<AppRouter>['roles']['list']['roles'][number]
export type RoleWish = inferRouterInputs<AppRouter>['roles']['save']

/** The roles there are, for those who manage them. */
export class Roles extends Managed<readonly Role[]> {
  constructor(private readonly api: Api) {
    super(async () => (await api.roles.list.query()).roles)
  }

  /** Null: nothing was loaded yet. */
  get all(): readonly Role[] | null {
    return this.answer
  }

  /** Answers with the trouble, in words; null: it is done. */
  save(wish: RoleWish): Promise<string | null> {
    return this.change(() => this.api.roles.save.mutate(wish))
  }
  remove(roleId: string): Promise<string | null> {
    return this.change(() => this.api.roles.remove.mutate({ roleId }))
  }
}
