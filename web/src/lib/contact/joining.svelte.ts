import type { inferRouterOutputs } from '@trpc/server'
import type { ContactSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { AppRouter } from '../../../../server/trpc/router.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'

export type JoinPreview = inferRouterOutputs<AppRouter>['contacts']['mergePreview']
export type Joined = inferRouterOutputs<AppRouter>['contacts']['merge']

/** Somebody stops typing for so long before it is searched. */
const PAUSE_MS = 220
const MOST_FOUND = 20

/** Joining a contact with another one: who it is, what would happen, and doing it. */
export class Joining {
  #query = $state.raw('')
  #found = $state.raw<readonly ContactSnapshot[] | null>(null)
  #preview = $state.raw<JoinPreview | null>(null)
  #isBusy = $state.raw(false)
  #trouble = $state.raw<string | null>(null)
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  constructor(
    private readonly api: Api,
    private readonly contactId: string,
    private readonly joined: (joined: Joined, preview: JoinPreview) => void,
  ) {}

  get query(): string {
    return this.#query
  }

  set query(query: string) {
    this.#query = query
    this.#trouble = null
    clearTimeout(this.#timer)
    if (query.trim() === '') {
      this.#asked += 1
      this.#found = null
    } else this.#timer = setTimeout(() => void this.#search(), PAUSE_MS)
  }

  /** Null: nothing was searched yet. */
  get found(): readonly ContactSnapshot[] | null {
    return this.#found
  }

  /** What would happen with the one that was chosen. */
  get preview(): JoinPreview | null {
    return this.#preview
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  get trouble(): string | null {
    return this.#trouble
  }

  async choose(contactId: string): Promise<void> {
    await this.#busy(async () => {
      this.#preview = await this.api.contacts.mergePreview.query({ intoContactId: this.contactId, contactId })
    })
  }

  back() {
    this.#preview = null
    this.#trouble = null
  }

  async join(): Promise<void> {
    const preview = this.#preview
    if (preview === null) return
    await this.#busy(async () => {
      const ids = { intoContactId: preview.into.id, contactId: preview.contact.id }
      this.joined(await this.api.contacts.merge.mutate(ids), preview)
    })
  }

  stop() {
    clearTimeout(this.#timer)
  }

  async #search(): Promise<void> {
    this.#asked += 1
    const asked = this.#asked
    try {
      const text = this.#query.trim()
      const { conversations } = await this.api.search.query.query({
        text,
        among: 'contacts',
        limit: MOST_FOUND,
      })
      if (asked !== this.#asked) return
      const contacts = new Map(conversations.map(({ contact }) => [contact.id, contact]))
      contacts.delete(this.contactId)
      this.#found = [...contacts.values()].filter(({ kind }) => kind === 'person')
    } catch (error) {
      if (asked === this.#asked) this.#trouble = troubleOf(error).message
    }
  }

  async #busy(act: () => Promise<void>): Promise<void> {
    this.#isBusy = true
    this.#trouble = null
    try {
      await act()
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
    this.#isBusy = false
  }
}
