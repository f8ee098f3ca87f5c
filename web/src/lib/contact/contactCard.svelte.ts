import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'
import type { Toasts } from '../toasts.svelte.ts'

export type ContactDetails = inferRouterOutputs<AppRouter>['contacts']['get']['contact']
export type Attribute = { name: string; value: string }
type Changes = Omit<inferRouterInputs<AppRouter>['contacts']['update'], 'contactId'>

/** What the team knows of one contact, and how it is changed. */
export class ContactCard {
  #details = $state.raw<ContactDetails | null>(null)
  #trouble = $state.raw<Trouble | null>(null)
  #asked = 0
  #attributes = $derived(
    Object.entries(this.#details?.attributes ?? {}).map(([name, value]): Attribute => ({ name, value })),
  )

  constructor(
    readonly id: string,
    private readonly api: Api,
    private readonly toasts: Toasts,
  ) {}

  get details(): ContactDetails | null {
    return this.#details
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  get attributes(): readonly Attribute[] {
    return this.#attributes
  }

  async load(): Promise<void> {
    this.#asked += 1
    const asked = this.#asked
    this.#trouble = null
    try {
      const { contact } = await this.api.contacts.get.query({ contactId: this.id })
      // A later answer, or a change made meanwhile, is newer.
      if (asked === this.#asked) this.#details = contact
    } catch (error) {
      if (asked === this.#asked) this.#trouble = troubleOf(error)
    }
  }

  /** What the team calls them; empty: what they call themselves. Answers with what is in the way; null: done. */
  rename(name: string): Promise<string | null> {
    const givenName = name.trim() === '' ? null : name.trim()
    if (givenName === (this.#details?.givenName ?? null)) return Promise.resolve(null)
    return this.#save({ givenName }, 'The name is changed.')
  }

  /** `was`: the name that it had; null for a new one. */
  setAttribute(was: string | null, { name, value }: Attribute): Promise<string | null> {
    const wanted = name.trim()
    if (wanted === '') return Promise.resolve('Give it a name, such as “Order” or “Language”.')
    const held = this.#details?.attributes ?? {}
    if (wanted !== was && wanted in held) return Promise.resolve(`There is “${wanted}” already.`)
    if (wanted === was && held[was] === value.trim()) return Promise.resolve(null)
    const attributes = { ...(was !== null && was !== wanted && { [was]: null }), [wanted]: value.trim() }
    return this.#save({ attributes }, `“${wanted}” is saved.`)
  }

  removeAttribute(name: string): Promise<string | null> {
    return this.#save({ attributes: { [name]: null } }, `“${name}” is removed.`)
  }

  async #save(changes: Changes, words: string): Promise<string | null> {
    this.#asked += 1
    try {
      const { contact, before } = await this.api.contacts.update.mutate({ contactId: this.id, ...changes })
      this.#details = contact
      const undo = undoOf(changes, before)
      this.toasts.say({ words, undo: () => void this.#undo(undo) })
      return null
    } catch (error) {
      return troubleOf(error).message
    }
  }

  async #undo(changes: Changes): Promise<void> {
    this.#asked += 1
    try {
      this.#details = (await this.api.contacts.update.mutate({ contactId: this.id, ...changes })).contact
    } catch (error) {
      this.toasts.say({ words: troubleOf(error).message, tone: 'danger' })
    }
  }
}

/** Only what was touched goes back: what a colleague changed beside it stays. */
function undoOf(
  changes: Changes,
  before: { givenName: string | null; attributes: Record<string, string> },
): Changes {
  const touched = Object.keys(changes.attributes ?? {})
  return {
    ...(changes.givenName !== undefined && { givenName: before.givenName }),
    ...(touched.length > 0 && {
      attributes: Object.fromEntries(touched.map((name) => [name, before.attributes[name] ?? null])),
    }),
  }
}
