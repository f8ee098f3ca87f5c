import type { ChannelSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'
import type { Inbox } from './inbox.svelte.ts'

/** The channels in reach, kept current by the feed, and what an administrator does with one that has stopped. */
export class Channels {
  #isResuming = $state.raw(false)
  #trouble = $state.raw<string | null>(null)

  constructor(
    private readonly api: Api,
    private readonly inbox: Inbox,
  ) {}

  /** Nothing goes out on these. */
  get stopped(): readonly ChannelSnapshot[] {
    return [...this.inbox.channels.values()].filter(({ stoppedAt }) => stoppedAt !== null)
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
    const answer = await this.api.channels.list.query().catch(() => null)
    if (answer) this.inbox.holdChannels(answer.channels)
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
