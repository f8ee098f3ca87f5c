import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

export type Team = inferRouterOutputs<AppRouter>['teams']['list']['teams'][number]
export type TeamWish = inferRouterInputs<AppRouter>['teams']['save']

/** The teams of the workspace, for those who manage them. */
export class Teams {
  search = $state('')
  #teams = $state.raw<readonly Team[] | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #isWorking = $state.raw(false)

  constructor(private readonly api: Api) {}

  /** Null: nothing was loaded yet. */
  get all(): readonly Team[] | null {
    return this.#teams
  }
  get shown(): readonly Team[] {
    const words = this.search.trim().toLowerCase()
    return (this.#teams ?? []).filter((team) => team.name.toLowerCase().includes(words))
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
      this.#teams = (await this.api.teams.list.query()).teams
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  /** Answers with the trouble, in words; null: it is done. */
  save(wish: TeamWish): Promise<string | null> {
    return this.#do(() => this.api.teams.save.mutate(wish))
  }
  remove(teamId: string): Promise<string | null> {
    return this.#do(() => this.api.teams.remove.mutate({ teamId }))
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
