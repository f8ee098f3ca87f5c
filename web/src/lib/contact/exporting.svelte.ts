import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'
import type { Inventory } from './erasing.svelte.ts'

/** Exporting a contact: what the file will hold, and having the browser fetch it. */
export class Exporting {
  #inventory = $state.raw<Inventory | null>(null)
  #trouble = $state.raw<string | null>(null)
  hasNotes = $state(false)

  constructor(
    private readonly api: Api,
    private readonly contactId: string,
  ) {}

  /** Null: it is being counted. */
  get inventory(): Inventory | null {
    return this.#inventory
  }

  get trouble(): string | null {
    return this.#trouble
  }

  async load(): Promise<void> {
    this.#trouble = null
    try {
      this.#inventory = await this.api.contacts.exportPreview.query({ contactId: this.contactId })
    } catch (error) {
      this.#trouble = troubleOf(error).message
    }
  }

  /**
   * Whether the download has begun. It is the browser's then, which shows how far it is and says when it breaks off: the file may
   * have gigabytes, and this page never holds it.
   */
  async take(): Promise<boolean> {
    // Asked once more, for the answer to a download is shown to nobody: who may not, or is not here any more, learns it in words.
    await this.load()
    if (this.#trouble !== null) return false
    const link = document.createElement('a')
    link.href = `/media/contacts/${this.contactId}${this.hasNotes ? '?notes=1' : ''}`
    link.download = ''
    link.click()
    return true
  }
}
