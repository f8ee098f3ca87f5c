import type { InboxEvent } from '../../../../server/inbox/event.ts'
import type { Api } from '../api/client.ts'
import { detailsOf } from '../api/refusal.ts'

type Place = {
  inbox: { readonly openId: string | null; loadThread(id: string): Promise<unknown> }
  /** Opens a conversation in the place of the one that is open. */
  opens(conversationId: string): void
}

/** Follows a conversation that became part of another one: when that is told, and when somebody comes by its old address. */
export class Joins {
  constructor(
    private readonly api: Api,
    private readonly place: Place,
  ) {}

  /** After the inbox has heard them. */
  hear(events: readonly InboxEvent[]) {
    for (const event of events) if (event.type === 'conversation.joined') this.#joined(event)
  }

  /** Where an address leads that shows nothing any more; nowhere, mostly. */
  async follow(conversationId: string): Promise<void> {
    const into = await this.api.conversations.get.query({ conversationId }).then(
      () => null,
      (error) => detailsOf(error).into,
    )
    if (typeof into === 'string' && this.place.inbox.openId === conversationId) this.place.opens(into)
  }

  /** The thread that stays has messages now that it had not when it was loaded. */
  #joined({ conversationId, into }: { conversationId: string; into: string }) {
    const { inbox, opens } = this.place
    if (inbox.openId === conversationId) opens(into)
    else if (inbox.openId === into) void inbox.loadThread(into).catch(() => {})
  }
}
