import type { ContactSnapshot } from '../../../../server/inbox/snapshot.ts'
import type { Api } from '../api/client.ts'
import { troubleOf } from '../api/refusal.ts'

/** Whether a contact wants marketing. The switch moves at once; the server's word comes back by the feed. */
export class OptOut {
  #wanted = $state.raw<boolean | null>(null)
  #trouble = $state.raw<string | null>(null)

  constructor(
    private readonly api: Api,
    private readonly contact: () => ContactSnapshot,
  ) {}

  get isOptedOut(): boolean {
    return this.#wanted ?? this.contact().optedOutAt !== null
  }

  get trouble(): string | null {
    return this.#trouble
  }

  async set(isOptedOut: boolean): Promise<void> {
    this.#wanted = isOptedOut
    this.#trouble = null
    try {
      await this.api.contacts.setOptOut.mutate({ contactId: this.contact().id, isOptedOut })
    } catch (error) {
      this.#trouble = troubleOf(error).message
      this.#wanted = null
    }
  }

  /** The feed has brought a newer word. */
  told() {
    this.#wanted = null
  }
}
