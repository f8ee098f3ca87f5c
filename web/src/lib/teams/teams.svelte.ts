import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { Managed } from '../settings/managed.svelte.ts'

export type Team = inferRouterOutputs<AppRouter>['teams']['list']['teams'][number]
export type TeamWish = inferRouterInputs<AppRouter>['teams']['save']

/** The teams of the workspace, for those who manage them. */
export class Teams extends Managed<readonly Team[]> {
  search = $state('')

  constructor(private readonly api: Api) {
    super(async () => (await api.teams.list.query()).teams)
  }

  /** Null: nothing was loaded yet. */
  get all(): readonly Team[] | null {
    return this.answer
  }
  get shown(): readonly Team[] {
    const words = this.search.trim().toLowerCase()
    return (this.answer ?? []).filter((team) => team.name.toLowerCase().includes(words))
  }

  /** Answers with the trouble, in words; null: it is done. */
  save(wish: TeamWish): Promise<string | null> {
    return this.change(() => this.api.teams.save.mutate(wish))
  }
  remove(teamId: string): Promise<string | null> {
    return this.change(() => this.api.teams.remove.mutate({ teamId }))
  }
}
