import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

export type Rule = inferRouterOutputs<AppRouter>['assignment']['rules']['rules'][number]
/** Whose rule it is: of a channel or of a team. */
export type RuleOf = { channelId: string; teamId: null } | { channelId: null; teamId: string }

/** How conversations find their agent, for those who manage teams. */
export class AssignmentRules {
  #rules = $state.raw<readonly Rule[] | null>(null)
  #trouble = $state.raw<Trouble | null>(null)

  constructor(private readonly api: Api) {}

  get isLoaded(): boolean {
    return this.#rules !== null
  }
  get trouble(): Trouble | null {
    return this.#trouble
  }

  /** By hand, where nobody decided anything. */
  of({ channelId, teamId }: RuleOf): Rule {
    const rule = this.#rules?.find((one) => one.channelId === channelId && one.teamId === teamId)
    return (
      rule ?? { channelId, teamId, method: 'hand', capacity: null, skipsAway: true, returnAfterMinutes: null }
    )
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#rules = (await this.api.assignment.rules.query()).rules
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  /** Answers with the trouble, in words; null: it is done. */
  async save(rule: Rule): Promise<string | null> {
    try {
      await this.api.assignment.saveRule.mutate(rule)
      await this.load()
      return null
    } catch (error) {
      return troubleOf(error).message
    }
  }
}
