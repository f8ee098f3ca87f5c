import type { Logger } from 'pino'
import type { Credential } from '../auth/credential.ts'
import type { Agent } from '../inbox/agent.ts'
import { Refusal } from '../inbox/refusal.ts'
import type { AccessWatch, WatchedAccess } from './accessWatch.ts'
import { Board, type BoardParts } from './board.ts'
import { followBoard } from './followBoard.ts'
import { Follower } from './follower.ts'
import type { PresenceItem } from './presenceItem.ts'
import type { LiveReach } from './reach.ts'
import { type TabStore, tabKey } from './tabStore.ts'
import type { LiveWire } from './wire.ts'

/** Who is here, what they look at, and who is typing. Every method refuses with NOT_FOUND what is out of the agent's reach. */
export type Presence = {
  join(agent: Agent, tab: { tabId: string; conversationId: string | null; isAway: boolean }): Promise<void>
  leave(agent: Agent, tabId: string): Promise<void>
  typing(agent: Agent, at: { tabId: string; conversationId: string; isTyping: boolean }): Promise<void>
  /** The agent has sent something: they are not typing any more. */
  hasSent(agent: Agent, conversationId: string): void
  /** First the present state, then what changes, until the signal aborts or the agent may not see it any more. */
  follow(subscriber: PresenceSubscriber): AsyncGenerator<PresenceItem>
  close(): void
}

export type PresenceSubscriber = {
  agent: Agent
  credential: Credential
  /** The tab that speaks through this socket: it ends with it. */
  tabId: string | null
  signal: AbortSignal | undefined
  /** Resolves when the socket has taken what was sent before. */
  whenDrained?: (() => Promise<void>) | undefined
}

export type PresenceTimes = {
  /** How long a tab is here after it last said so: it says so every 10 s. */
  tabMs: number
  /** How long a tab may take to come back after its socket broke. */
  leaveMs: number
  typingMs: number
}
export const PRESENCE_TIMES: PresenceTimes = { tabMs: 25_000, leaveMs: 3000, typingMs: 5000 }

export type PresenceParts = {
  tabStore: TabStore
  wire: LiveWire
  lockStore: BoardParts['lockStore']
  access: AccessWatch
  reach: LiveReach
  log: Logger
  times?: PresenceTimes | undefined
}

/** Presence and typing, for all sockets of this process. See `board.ts`. */
export function createPresence(parts: PresenceParts): Presence {
  const { tabStore, wire, lockStore, access, reach, log, times = PRESENCE_TIMES } = parts
  const boards = new Map<string, Board>()
  /** How many sockets of this process speak for a tab: a reconnect may be here before the end of the old one. */
  const sockets = new Map<string, number>()

  const onTabEnding = (workspaceId: string, key: string, leftMs: number) => {
    if (leftMs > times.leaveMs || !sockets.has(key)) return
    tabStore.end(workspaceId, key, times.tabMs).catch(complain)
  }
  const complain = (err: unknown) => {
    if (!(err instanceof Refusal)) log.warn({ err }, 'presence could not be kept')
  }
  const boardOf = (workspaceId: string): Board => {
    const board =
      boards.get(workspaceId) ?? new Board(workspaceId, { wire, lockStore, tabStore, onTabEnding, log })
    boards.set(workspaceId, board)
    return board
  }

  const isLastSocketOf = (key: string): boolean => {
    const left = (sockets.get(key) ?? 1) - 1
    if (left > 0) sockets.set(key, left)
    else sockets.delete(key)
    return left <= 0
  }

  return {
    async join(agent, { tabId, conversationId, isAway }) {
      const channelId =
        conversationId === null ? null : await reach.channelOf(agent, conversationId, 'conversations.read')
      const tab = { agent: { id: agent.id, name: agent.name }, conversationId, channelId, isAway }
      await tabStore.join(agent.workspaceId, tabKey(agent.id, tabId), tab, times.tabMs)
    },

    async leave(agent, tabId) {
      await tabStore.end(agent.workspaceId, tabKey(agent.id, tabId), 0)
    },

    async typing(agent, { tabId, conversationId, isTyping }) {
      const channel = await reach.channelOf(agent, conversationId, 'conversations.reply')
      const who = { id: agent.id, name: agent.name }
      const tab = tabKey(agent.id, tabId)
      const ms = isTyping ? times.typingMs : 0
      await wire.tell(agent.workspaceId, {
        t: 'typing',
        id: conversationId,
        channel,
        agent: who,
        tab,
        ms,
      })
    },

    hasSent(agent, conversationId) {
      wire.tell(agent.workspaceId, { t: 'sent', id: conversationId, agent: agent.id }).catch(complain)
    },

    async *follow(subscriber) {
      const { agent, credential, tabId, signal } = subscriber
      const { workspaceId } = agent
      const board = boardOf(workspaceId)
      const key = tabId === null ? null : tabKey(agent.id, tabId)
      const follower = new Follower(agent.id, key)
      board.join(follower)
      if (key) sockets.set(key, (sockets.get(key) ?? 0) + 1)
      let watched: WatchedAccess | null = null
      try {
        watched = await access.watch(credential)
        yield* followBoard(board, follower, watched, reach, { signal, whenDrained: subscriber.whenDrained })
      } finally {
        watched?.stop()
        if (key && tabId && isLastSocketOf(key)) {
          tabStore.end(workspaceId, key, times.leaveMs).catch(complain)
          const conversationId = board.shownBy(key)
          // Who was signed out or removed cannot give the lock back, and others must not wait for it.
          if (watched?.ended.aborted && conversationId) {
            const by = { agentId: agent.id, tabId, fence: null, keepMs: 0 }
            lockStore.letGo({ workspaceId, conversationId }, by).catch(complain)
          }
        }
        board.part(follower)
        if (!board.isFollowed && boards.get(workspaceId) === board) {
          board.close()
          boards.delete(workspaceId)
        }
      }
    },

    close() {
      for (const board of boards.values()) board.close()
      boards.clear()
    },
  }
}
