import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

type Answer = inferRouterOutputs<AppRouter>['people']['list']
export type Person = Answer['agents'][number]
export type Team = Answer['teams'][number]

/** The agents and teams of the workspace: whom a conversation can be given to, who can be mentioned. */
export class People {
  #answer = $state.raw<Answer | null>(null)
  #trouble = $state.raw<Trouble | null>(null)

  constructor(private readonly api: Api) {}

  /** By name. */
  get agents(): readonly Person[] {
    return this.#answer?.agents ?? []
  }

  /** By name. */
  get teams(): readonly Team[] {
    return this.#answer?.teams ?? []
  }

  get isLoaded(): boolean {
    return this.#answer !== null
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  agentName(agentId: string): string | null {
    return this.agents.find(({ id }) => id === agentId)?.name ?? null
  }

  teamName(teamId: string): string | null {
    return this.teams.find(({ id }) => id === teamId)?.name ?? null
  }

  /** The teams that answer all of these channels. */
  teamsFor(channelIds: readonly string[]): Team[] {
    return this.teams.filter((team) => channelIds.every((id) => team.channelIds.includes(id)))
  }

  /** Who may see, and so answer, conversations of all of these channels. The server has the last word. */
  agentsFor(channelIds: readonly string[]): Person[] {
    return this.agents.filter((agent) => channelIds.every((id) => agent.channelIds.includes(id)))
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#answer = await this.api.people.list.query()
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }
}
