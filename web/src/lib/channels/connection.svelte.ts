import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import type { Channels } from '../inbox/channels.svelte.ts'

export type ChannelHealth = inferRouterOutputs<AppRouter>['channels']['health']

/** How a channel stands with WhatsApp, asked when its page is opened, and what an administrator does about it. */
export class ChannelConnection {
  /** Null: nothing was loaded yet. */
  #health = $state.raw<ChannelHealth | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #isLoading = $state.raw(false)
  #working = $state.raw<string | null>(null)
  /** Why the last act failed, by its name. */
  #failed = $state.raw<{ act: string; message: string } | null>(null)

  constructor(
    private readonly api: Api,
    private readonly channels: Channels,
    readonly channelId: string,
  ) {}

  get health(): ChannelHealth | null {
    return this.#health
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  isWorking(act: string): boolean {
    return this.#working === act
  }

  failureOf(act: string): string | null {
    return this.#failed?.act === act ? this.#failed.message : null
  }

  async load(): Promise<void> {
    this.#isLoading = true
    this.#trouble = null
    try {
      this.#health = await this.api.channels.health.query({ channelId: this.channelId })
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
    this.#isLoading = false
  }

  subscribe(): Promise<boolean> {
    return this.#act('subscribe', () => this.api.channels.subscribe.mutate({ channelId: this.channelId }))
  }

  replaceToken(accessToken: string, appSecret: string): Promise<boolean> {
    return this.#act('replace', async () => {
      const secret = appSecret.trim()
      const { channel } = await this.api.channels.replaceToken.mutate({
        channelId: this.channelId,
        accessToken: accessToken.trim(),
        appSecret: secret === '' ? null : secret,
      })
      this.channels.hold(channel)
    })
  }

  toggleTeam(teamId: string): Promise<boolean> {
    const teamIds = this.#health?.teamIds ?? []
    const wanted = teamIds.includes(teamId) ? teamIds.filter((id) => id !== teamId) : [...teamIds, teamId]
    return this.#act('teams', () =>
      this.api.channels.setTeams.mutate({ channelId: this.channelId, teamIds: wanted }),
    )
  }

  /** `name`: as the dialog has shown it. */
  remove(name: string): Promise<boolean> {
    return this.#act('remove', async () => {
      const { channelId } = this
      this.channels.hold((await this.api.channels.remove.mutate({ channelId, name })).channel)
    })
  }

  /** What an act has changed is asked for anew, for WhatsApp has the last word. */
  async #act(act: string, work: () => Promise<unknown>): Promise<boolean> {
    if (this.#working !== null) return false
    this.#working = act
    this.#failed = null
    try {
      await work()
      if (act !== 'remove') await this.load()
      return true
    } catch (error) {
      this.#failed = { act, message: troubleOf(error).message }
      return false
    } finally {
      this.#working = null
    }
  }
}
