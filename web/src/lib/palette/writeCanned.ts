import type { CannedReply } from '../../../../server/inbox/cannedReplies.ts'
import { firstGap } from '../composing/gaps.ts'
import type { Session } from '../inbox/session.svelte.ts'

/** Puts a canned reply into the answer that is being written, with what it lacks ready to be typed over. */
export async function writeCanned(
  { cannedReplies, inbox, surface, toasts }: Session,
  reply: CannedReply,
  conversationId: string | undefined,
): Promise<void> {
  if (conversationId === undefined) return
  const filled = await cannedReplies.fill(reply, conversationId)
  if ('trouble' in filled) toasts.say({ words: filled.trouble, tone: 'danger' })
  // Meanwhile another conversation may be open: its answer is not this one.
  else if (inbox.openId === conversationId) surface.write(filled.text, firstGap(filled.text))
}
