import type { inferRouterInputs } from '@trpc/server'
import type { ChannelSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import { whomToAsk } from './failure.ts'
import type { Inbox } from './inbox.svelte.ts'
import type { People } from './people.svelte.ts'

export type ChannelChanges = Omit<inferRouterInputs<AppRouter>['channels']['update'], 'channelId'>

/** The channels in reach, kept current by the feed, and what an administrator does with them. */
export class Channels {
  #isResuming = $state.raw(false)
  #trouble = $state.raw<string | null>(null)
  #isLoaded = $state.raw(false)
  #notLoaded = $state.raw<Trouble | null>(null)

  constructor(
    private readonly api: Api,
    private readonly inbox: Inbox,
    /** Whether this agent may change their settings. */
    readonly mayManage: boolean,
    private readonly people: People,
  ) {}

  /** By name; null: nothing was loaded yet. */
  get all(): readonly ChannelSnapshot[] | null {
    if (!this.#isLoaded) return null
    return [...this.inbox.channels.values()].sort((a, b) => a.name.localeCompare(b.name))
  }

  get(channelId: string): ChannelSnapshot | undefined {
    return this.inbox.channels.get(channelId)
  }

  hold(channel: ChannelSnapshot) {
    this.inbox.holdChannels([channel])
  }

  /** Why they could not be loaded. */
  get notLoaded(): Trouble | null {
    return this.#notLoaded
  }

  /** For whoever cannot put a channel right: who can. */
  get whomToAsk(): string {
    const administrators = this.people.agents.filter(
      ({ role }) => role === 'administrator' || role === 'owner',
    )
    return whomToAsk(administrators.map(({ name }) => name))
  }

  /** Nothing goes out on these. */
  get stopped(): readonly ChannelSnapshot[] {
    const all = [...this.inbox.channels.values()]
    return all.filter(({ stoppedAt, archivedAt }) => stoppedAt !== null && archivedAt === null)
  }

  isStopped(channelId: string): boolean {
    return this.inbox.channels.get(channelId)?.stoppedAt != null
  }

  get isResuming(): boolean {
    return this.#isResuming
  }

  get trouble(): string | null {
    return this.#trouble
  }

  /** A channel that cannot be asked about now stands as the feed left it. */
  async load(): Promise<void> {
    this.#notLoaded = null
    const known = [...this.inbox.channels.keys()]
    try {
      this.inbox.listChannels((await this.api.channels.list.query()).channels, known)
      this.#isLoaded = true
    } catch (error) {
      this.#notLoaded = troubleOf(error)
    }
  }

  /** @throws what the call throws */
  async update(channelId: string, changes: ChannelChanges): Promise<void> {
    this.inbox.holdChannels([(await this.api.channels.update.mutate({ channelId, ...changes })).channel])
  }

  async resume(channelId: string): Promise<void> {
    this.#isResuming = true
    this.#trouble = null
    try {
      this.inbox.holdChannels([(await this.api.channels.resume.mutate({ channelId })).channel])
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
    this.#isResuming = false
  }
}
