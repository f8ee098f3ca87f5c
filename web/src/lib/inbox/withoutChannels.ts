import type { InboxState } from './apply.ts'

/**
 * The inbox without any conversation of these channels: they are out of reach, or are about to be loaded anew. The channels
 * themselves stay until `channels.list` says which are left, so that a page about one does not vanish meanwhile.
 */
export function withoutChannels(state: InboxState, channelIds: readonly string[]): InboxState {
  const gone = new Set(channelIds)
  const isKept = (channelId: string | undefined) => channelId === undefined || !gone.has(channelId)
  return {
    ...state,
    conversations: new Map([...state.conversations].filter(([, { channelId }]) => isKept(channelId))),
    threads: new Map([...state.threads].filter(([id]) => isKept(state.conversations.get(id)?.channelId))),
  }
}
