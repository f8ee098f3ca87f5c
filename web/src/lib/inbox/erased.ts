import type { InboxEvent } from '../../../../server/inbox/event.ts'

/** What keeps something of conversations beside the inbox, on the page or on the device. */
type Keeper = { forgetConversation(conversationId: string): void }

/** When a contact was erased, nothing of them stays in this tab or on this device either. */
export class Erased {
  constructor(private readonly keepers: readonly Keeper[]) {}

  hear(events: readonly InboxEvent[]) {
    for (const event of events) {
      if (event.type !== 'conversation.erased') continue
      for (const keeper of this.keepers) keeper.forgetConversation(event.conversationId)
    }
  }
}
