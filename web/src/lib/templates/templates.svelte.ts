import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import type { Template } from './template.ts'

/** The templates of the channels, loaded when a picker first needs them and looked at anew with each visit. */
export class Templates {
  #byChannel = $state.raw<ReadonlyMap<string, readonly Template[]>>(new Map())
  #troubles = $state.raw<ReadonlyMap<string, Trouble>>(new Map())

  constructor(private readonly api: Api) {}

  /** Null before they were loaded. */
  of(channelId: string): readonly Template[] | null {
    return this.#byChannel.get(channelId) ?? null
  }

  trouble(channelId: string): Trouble | null {
    return this.#troubles.get(channelId) ?? null
  }

  async load(channelId: string): Promise<void> {
    const { [channelId]: _, ...others } = Object.fromEntries(this.#troubles)
    this.#troubles = new Map(Object.entries(others))
    try {
      const { templates } = await this.api.templates.list.query({ channelId })
      this.#byChannel = new Map(this.#byChannel).set(channelId, templates)
    } catch (error) {
      this.#troubles = new Map(this.#troubles).set(channelId, troubleOf(error))
    }
  }
}
