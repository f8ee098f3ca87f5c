import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { Managed } from '../settings/managed.svelte.ts'

type Answer = inferRouterOutputs<AppRouter>['sessions']['list']
export type OwnSession = Answer['sessions'][number]

/** The browsers in which one is signed in, this one first. */
export class Sessions extends Managed<Answer> {
  constructor(private readonly api: Api) {
    super(() => api.sessions.list.query())
  }

  get isLoaded(): boolean {
    return this.answer !== null
  }
  get all(): readonly OwnSession[] {
    const sessions = this.answer?.sessions ?? []
    return [...sessions.filter((one) => one.isThis), ...sessions.filter((one) => !one.isThis)]
  }
  get others(): number {
    return this.all.filter((one) => !one.isThis).length
  }

  /** Answers with the trouble, in words; null: it is done. */
  end(sessionId: string): Promise<string | null> {
    return this.change(() => this.api.sessions.end.mutate({ sessionId }))
  }
  endOthers(): Promise<string | null> {
    return this.change(() => this.api.sessions.endOthers.mutate())
  }
}
