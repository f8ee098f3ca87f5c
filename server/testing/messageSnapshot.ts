import type { MessageSnapshot } from '../inbox/snapshot.ts'

/** A customer's plain text as tabs know it, with what a test wants otherwise. */
export function messageSnapshot(over: Partial<MessageSnapshot> = {}): MessageSnapshot {
  return {
    id: 'm',
    conversationId: 'c',
    clientMessageId: null,
    wamid: null,
    direction: 'in',
    type: 'text',
    body: '',
    content: { kind: 'text', text: '' },
    context: null,
    media: null,
    status: 'received',
    attempt: 0,
    error: null,
    retryAt: null,
    decideAt: null,
    dismissedAt: null,
    wasDeliveredEarlier: false,
    agent: null,
    authorName: null,
    position: '',
    sentAt: '',
    isLate: false,
    targetWamid: null,
    edit: null,
    revokedAt: null,
    ...over,
  }
}
