import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { LabelColour, LabelSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

/** The labels of the workspace, by id: what a conversation names only. Kept fresh by the feed. */
export class Labels {
  #byId = $state.raw<ReadonlyMap<string, LabelSnapshot> | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #all = $derived([...(this.#byId?.values() ?? [])])

  constructor(private readonly api: Api) {}

  /** By name. */
  get all(): readonly LabelSnapshot[] {
    return this.#all
  }

  get isLoaded(): boolean {
    return this.#byId !== null
  }

  /** Why they could not be loaded. */
  get trouble(): Trouble | null {
    return this.#trouble
  }

  get(id: string): LabelSnapshot | undefined {
    return this.#byId?.get(id)
  }

  /** Of a conversation, in the order of their names. One that was removed shows nothing. */
  of(labelIds: readonly string[]): LabelSnapshot[] {
    return this.#all.filter((label) => labelIds.includes(label.id))
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#hold((await this.api.labels.list.query()).labels)
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
  }

  hear(events: readonly InboxEvent[]) {
    for (const event of events) if (event.type === 'labels.changed') this.#hold(event.labels)
  }

  /** Makes one, or changes the one with this id. Throws what the server or the network threw. */
  async save(label: { labelId?: string; name: string; colour: LabelColour }): Promise<LabelSnapshot> {
    const { label: saved } = await this.api.labels.save.mutate(label)
    const others = this.all.filter(({ id }) => id !== saved.id)
    this.#hold([...others, saved].sort((a, b) => a.name.localeCompare(b.name)))
    return saved
  }

  /** How many conversations have it, counted to 10,000. Throws likewise. */
  async uses(labelId: string): Promise<number> {
    return (await this.api.labels.uses.query({ labelId })).conversations
  }

  /** Throws likewise. */
  async remove(labelId: string): Promise<void> {
    await this.api.labels.remove.mutate({ labelId })
    this.#hold(this.all.filter(({ id }) => id !== labelId))
  }

  #hold(labels: readonly LabelSnapshot[]) {
    this.#byId = new Map(labels.map((label) => [label.id, label]))
  }
}
