import type { Api } from '../api/client.ts'
import { Inventoried } from './inventoried.svelte.ts'

/** Exporting a contact: what the file will hold, and having the browser fetch it. */
export class Exporting extends Inventoried {
  hasNotes = $state(false)

  constructor(
    api: Api,
    private readonly contactId: string,
  ) {
    super(() => api.contacts.exportPreview.query({ contactId }))
  }

  /**
   * Whether the download has begun. It is the browser's then, which shows how far it is and says when it breaks off: the file may
   * have gigabytes, and this page never holds it.
   */
  async take(): Promise<boolean> {
    // Asked once more, for the answer to a download is shown to nobody: who may not, or is not here any more, learns it in words.
    await this.load()
    if (this.trouble !== null) return false
    const link = document.createElement('a')
    link.href = `/media/contacts/${this.contactId}${this.hasNotes ? '?notes=1' : ''}`
    link.download = ''
    link.click()
    return true
  }
}
