import type { MessageSnapshot } from '../../../../server/inbox/snapshot.ts'

/** Kinds that are about another message and say nothing themselves: its chip, its new words, its end. */
const ABOUT_ANOTHER: ReadonlySet<string> = new Set(['reaction', 'edit', 'revoke'])

export const isSpoken = (message: MessageSnapshot) => !ABOUT_ANOTHER.has(message.content.kind)
