import type { InboxState } from './apply.ts'

/** The inbox without anything of these channels: they are out of reach, or are about to be loaded anew. */
export function withoutChannels(state: InboxState, channelIds: readonly string[]): InboxState {
  const gone = new Set(channelIds)
  const isKept = (channelId: string | undefined) => channelId === undefined || !gone.has(channelId)
  return {
    ...state,
    conversations: new Map([...state.conversations].filter(([, { channelId }]) => isKept(channelId))),
    threads: new Map([...state.threads].filter(([id]) => isKept(state.conversations.get(id)?.channelId))),
    channels: new Map([...state.channels].filter(([id]) => isKept(id))),
  }
}
