import type { MediaKind, MessageSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { type Trouble, troubleOf } from '../api/refusal.ts'

export type SharedTab = 'media' | 'documents' | 'links'

const KINDS: Record<Exclude<SharedTab, 'links'>, MediaKind[]> = {
  media: ['image', 'video'],
  documents: ['document', 'audio'],
}
const PAGE_SIZE = 30

type Pages = { messages: readonly MessageSnapshot[]; nextCursor: string | null }

/** What was shared with a contact, newest first, page by page: pictures, documents, links. */
export class SharedFiles {
  #tab = $state.raw<SharedTab>('media')
  #pages = $state.raw<Partial<Record<SharedTab, Pages>>>({})
  #isLoading = $state.raw(false)
  #trouble = $state.raw<Trouble | null>(null)

  constructor(
    private readonly api: Api,
    private readonly contactId: string,
  ) {}

  get tab(): SharedTab {
    return this.#tab
  }

  /** Null: not loaded yet. */
  get messages(): readonly MessageSnapshot[] | null {
    return this.#pages[this.#tab]?.messages ?? null
  }

  get hasMore(): boolean {
    return this.#pages[this.#tab]?.nextCursor != null
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  get trouble(): Trouble | null {
    return this.#trouble
  }

  show(tab: SharedTab) {
    this.#tab = tab
    this.#trouble = null
    if (!this.#pages[tab]) void this.load()
  }

  /** The first page, or the next one. */
  async load(): Promise<void> {
    if (this.#isLoading) return
    const tab = this.#tab
    const held = this.#pages[tab]
    const cursor = held?.nextCursor ?? undefined
    this.#isLoading = true
    this.#trouble = null
    try {
      const page = await this.#page(tab, cursor)
      const messages = [...(held?.messages ?? []), ...page.messages]
      this.#pages = { ...this.#pages, [tab]: { messages, nextCursor: page.nextCursor } }
    } catch (error) {
      this.#trouble = troubleOf(error)
    }
    this.#isLoading = false
    if (this.#tab !== tab && !this.#pages[this.#tab]) void this.load()
  }

  #page(tab: SharedTab, cursor: string | undefined): Promise<Pages> {
    const asked = { contactId: this.contactId, limit: PAGE_SIZE, ...(cursor && { cursor }) }
    if (tab === 'links') return this.api.contacts.links.query(asked)
    return this.api.contacts.media.query({ ...asked, kinds: KINDS[tab] })
  }
}
